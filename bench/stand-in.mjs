// What a call through a stand-in of the module API costs, as a ratio to a call of a rewritten function, both measured in
// the same process in turns; medians with the interval that holds the true one in 95 % of cases.
//
//   node bench/stand-in.mjs [--rounds 40] [--calls 20000]
import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe } from './medians.mjs';
import { runAlone } from './output.mjs';

const FOLDER = fileURLToPath(new URL('./stand-in/', import.meta.url));
const PRELOAD = pathToFileURL(fileURLToPath(new URL('../lib/register.js', import.meta.url))).href;

/** @returns rows of a table, and per kind of function the cost of both in ns and their ratio */
export function measureStandIns({ node = process.execPath, rounds = 40, calls = 20_000 } = {}) {
  const output = execFileSync(node, ['--import', PRELOAD, 'child.mjs', String(rounds), String(calls)], {
    cwd: FOLDER,
    encoding: 'utf8',
    env: { ...process.env, TTPROF: './functions.mjs:rewritten*', TTPROF_QUIET: '1' },
  });
  const data = Object.entries(JSON.parse(output)).map(([kind, { rewritten, 'stand-in': standIn }]) => ({
    kind: kind.replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase(),
    rewrittenNs: describe(rewritten),
    standInNs: describe(standIn),
    // the machine's speed drifts: ratios are taken within a round
    ratio: describe(standIn.map((ns, round) => ns / rewritten[round])),
  }));
  return { title: 'Cost of a call through a stand-in of the module API', rows: toRows(data), data };
}

function toRows(data) {
  const show = ({ median, low, high }, digits) =>
    `${median.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
  return [
    ['function', 'rewritten, ns', 'stand-in, ns', 'ratio'],
    ...data.map(({ kind, rewrittenNs, standInNs, ratio }) => [
      kind,
      show(rewrittenNs, 0),
      show(standInNs, 0),
      show(ratio, 2),
    ]),
  ];
}

runAlone(import.meta.url, 'stand-in', measureStandIns, 'rounds', 'calls');
