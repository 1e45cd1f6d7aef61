// Does `ttprof ab` say of published versions of packages what their authors say? For each pair: the claim with its
// source, the interval and the verdict. Each workload is one function that calls the package some times; none was tuned.
//
//   node bench/published.mjs [--only semver,cookie] [--budget 60] [--load 0] [--turns process]
//
// Installs the packages into a folder for temporary files, without running their scripts: it needs the registry.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLoad } from './comparisons/load.mjs';
import { printTable, saveResults } from './output.mjs';
import { PAIRS } from './published/pairs.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const CLI = join(here, '..', 'lib', 'cli.js');

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    budget: { type: 'string', default: '60' },
    load: { type: 'string', default: '0' },
    turns: { type: 'string', default: 'process' },
  },
});
const only = values.only?.split(',');
const endLoad = startLoad(Number(values.load));
const results = [];
try {
  for (const pair of PAIRS) {
    if (only !== undefined && !only.includes(pair.name)) continue;
    results.push({ ...pair, ...comparePair(pair) });
    console.error(describe(results.at(-1)).join('  '));
  }
} finally {
  endLoad();
}
saveResults('published', { budget: values.budget, load: values.load, turns: values.turns, results });
printTable([
  ['package', 'function', 'what its authors say', 'measured', 'verdict', 'pairs', 's'],
  ...results.map(describe),
]);

function comparePair({ name, workload, before, after }) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-published-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    copyFileSync(join(here, 'published', 'workloads', `${workload}.mjs`), join(folder, `${workload}.mjs`));
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${after}`];
    execFileSync('npm', install, { cwd: folder, stdio: 'ignore' });
    const startedMs = performance.now();
    const args = [
      CLI,
      'ab',
      '--base',
      `npm:${name}@${before}`,
      '--budget',
      values.budget,
      '--turns',
      values.turns,
    ];
    const run = [...args, '-t', `${workload}.mjs:work`, '--json', 'ab.json', '--quiet', `${workload}.mjs`];
    const { status, stderr } = spawnSync(process.execPath, run, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) return { failure: stderr.trim().split('\n').at(-1) };
    const report = JSON.parse(readFileSync(join(folder, 'ab.json'), 'utf8'));
    const { delta } = report.functions[0];
    const seconds = (performance.now() - startedMs) / 1000;
    return { delta, pairs: report.run.runs, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe({ name, workload, before, after, claim, source, failure, delta, pairs, seconds }) {
  const what = [`${name} ${before} → ${after}`, workload, `[${claim}](${source})`];
  if (failure !== undefined) return [...what, failure, '', '', ''];
  const { percent, low, high, verdict } = delta;
  const signed = (value) => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
  const interval = low === null ? '' : ` [${signed(low)}, ${signed(high)}]`;
  return [...what, `${signed(percent)} %${interval}`, verdict ?? '', String(pairs), seconds.toFixed(0)];
}
