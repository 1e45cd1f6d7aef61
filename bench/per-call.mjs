// What a measured call costs over an uninstrumented one, as ratios to two bare readings of `performance.now()` in the
// same process, the variants in turns.
//
//   node bench/per-call.mjs [--rounds 60]
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe } from './medians.mjs';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, 'bench/per-call');

/** Kinds of functions, and modes of ttprof: each is a process of its own. */
const RUNS = [
  { kind: 'sync', mode: 'ttprof', env: {} },
  { kind: 'sync', mode: 'ttprof --sample 64', env: { TTPROF_SAMPLE: '64' } },
  { kind: 'sync', mode: 'ttprof --cpu', env: { TTPROF_CPU: '1' } },
  { kind: 'recursive', mode: 'ttprof', env: {} },
  { kind: 'async', mode: 'ttprof', env: {} },
  { kind: 'generator', mode: 'ttprof', env: {} },
  { kind: 'async, working', mode: 'ttprof', env: {} },
  { kind: 'generator, working', mode: 'ttprof', env: {} },
  { kind: 'text', mode: 'ttprof', env: {} },
  { kind: 'text', mode: 'ttprof --by text.length', env: {}, by: 'text.length' },
  { kind: 'text, within another', mode: 'ttprof', env: {} },
  { kind: 'text, within another', mode: 'ttprof --by text.length', env: {}, by: 'text.length' },
];

/** @returns rows of a table, and the figures in ns: what each variant adds to a call */
export function measurePerCall({ node = process.execPath, rounds = 60 } = {}) {
  const data = RUNS.map(({ kind, mode, env, by = null }) => {
    const output = execFileSync(
      node,
      [
        '--import',
        pathToFileURL(join(ROOT, 'lib/register.js')).href,
        join(FOLDER, 'child.mjs'),
        kind,
        String(rounds),
        ...(by === null ? [] : ['--ttprof=./functions.mjs:measuredText', `--ttprof-by=${by}`]),
      ],
      {
        encoding: 'utf8',
        cwd: FOLDER,
        env: {
          ...process.env,
          TTPROF: './functions.mjs:measured* ./others.mjs:measured*',
          TTPROF_QUIET: '1',
          ...env,
        },
      },
    );
    const samples = JSON.parse(output);
    // The machine's speed drifts: differences and ratios are taken within a round.
    const perRound = (pick) => samples.plain.map((_, round) => pick((name) => samples[name][round]));
    const variants = Object.keys(samples).map((name) => ({
      name: name === 'ttprof' ? mode : name,
      addedNs: describe(perRound((of) => of(name) - of('plain'))),
      ofBare: describe(perRound((of) => (of(name) - of('plain')) / (of('bare') - of('plain')))),
      ofPlain: describe(perRound((of) => of(name) / of('plain'))),
    }));
    return { kind, mode, plainNs: describe(samples.plain), variants };
  });
  return { title: 'Cost of a measured call', rows: toRows(data), data };
}

function toRows(data) {
  const header = [
    'function',
    'variant',
    'added to a call',
    'of two bare readings',
    '95 % interval',
    'of plain',
  ];
  const rows = data.flatMap(({ kind, mode, variants }) =>
    variants
      .filter(({ name }) => name !== 'plain' && (mode === 'ttprof' || name === mode))
      .map(({ name, addedNs, ofBare, ofPlain }) => [
        kind,
        name === 'same module'
          ? 'not a target, in the same module'
          : name === 'bare'
            ? 'two bare readings'
            : name,
        `${addedNs.median.toFixed(1)} ns`,
        ofBare.median.toFixed(2),
        `${ofBare.low.toFixed(2)} … ${ofBare.high.toFixed(2)}`,
        `${ofPlain.median.toFixed(2)} ×`,
      ]),
  );
  return [header, ...rows];
}

runAlone(import.meta.url, 'per-call', measurePerCall, 'rounds');
