// What it costs to rewrite a file with one target, cold and from the cache, against parsing it with @babel/parser alone.
//
//   node bench/rewriting.mjs [--rounds 5]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './medians.mjs';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Real files near 10 kB, 100 kB, 1 MB and 9 MB, and a function in the middle of each. */
const FILES = [
  ['source-map/lib/source-node.js', 'SourceNode.walk'],
  ['@babel/types/lib/builders/generated/lowercase.js', 'objectMethod'],
  ['typescript-5.4/lib/typingsInstaller.js', 'createScanner'],
  ['typescript-5.9/lib/typescript.js', 'createScanner'],
];
const MODES = ['parse', 'rewrite', 'cached'];

const ratio = (value, base) => (value / base).toFixed(2);

/** @returns rows of a table, and the figures: medians over rounds in which the modes take turns */
export function measureRewriting({ node = process.execPath, rounds = 5 } = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  mkdirSync(join(cwd, 'node_modules'));
  try {
    const files = FILES.map(([path, name]) => {
      const file = join(ROOT, 'node_modules', path);
      const run = (mode) => {
        const args = [join(ROOT, 'bench/rewriting/child.mjs'), mode, file, name, cwd];
        return JSON.parse(execFileSync(node, args, { encoding: 'utf8' }));
      };
      run('cached');
      const samples = Array.from({ length: rounds }, () => MODES.map(run));
      const figures = MODES.map((mode, index) => ({
        mode,
        ms: median(samples.map((round) => round[index].ms)),
        peakKb: median(samples.map((round) => round[index].peakKb)),
      }));
      return { path, bytes: statSync(file).size, figures };
    });
    return { title: 'Rewriting one function of a file', rows: toRows(files), data: files };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function toRows(files) {
  const header = ['file', 'size', 'parse alone', 'rewritten', 'peak memory', 'from the cache'];
  const rows = files.map(({ path, bytes, figures: [parsed, rewritten, cached] }) => [
    path,
    `${Math.round(bytes / 1000)} kB`,
    `${parsed.ms.toFixed(1)} ms`,
    `${ratio(rewritten.ms, parsed.ms)} ×`,
    `${ratio(rewritten.peakKb, parsed.peakKb)} ×`,
    `${ratio(cached.ms, parsed.ms)} ×`,
  ]);
  return [header, ...rows];
}

runAlone(import.meta.url, 'rewriting', measureRewriting, 'rounds');
