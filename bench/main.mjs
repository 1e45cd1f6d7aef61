// `npm run bench`: the published numbers. Prints a table for each subject and writes `bench/results/bench.json`.
//
//   npm run bench -- [--all-nodes] [--only per-call,accuracy] [--quick]
//
// All figures are ratios or differences within one run, with the variants in turns. Leave the machine alone meanwhile.
// Each subject is a module with a function of its own, and can be run by itself.
import { parseArgs } from 'node:util';
import { installNodeLines } from '../scripts/node-versions.mjs';
import { measureAccuracy } from './accuracy.mjs';
import { measureCpu } from './cpu.mjs';
import { measureMemory } from './memory.mjs';
import { measureNested } from './nested.mjs';
import { printTable, saveResults } from './output.mjs';
import { measurePerCall } from './per-call.mjs';
import { measureRewriting } from './rewriting.mjs';
import { measureStandIns } from './stand-in.mjs';
import { measureStartUp } from './start-up.mjs';

/** By name: the function, and what makes it quick. */
const SUBJECTS = {
  'per-call': [measurePerCall, { rounds: 20 }],
  'stand-in': [measureStandIns, { rounds: 20 }],
  accuracy: [measureAccuracy, { processes: 1 }],
  nested: [measureNested, { processes: 2 }],
  cpu: [measureCpu, {}],
  memory: [measureMemory, { mostCalls: 1e7 }],
  'start-up': [measureStartUp, { rounds: 5 }],
  rewriting: [measureRewriting, { rounds: 1 }],
};

const { values } = parseArgs({
  options: {
    'all-nodes': { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(SUBJECTS).join(',') },
    quick: { type: 'boolean', default: false },
  },
});
const names = values.only.split(',');
for (const name of names) {
  if (SUBJECTS[name] !== undefined) continue;
  console.error(`--only ${name}: there is no such subject; choose from ${Object.keys(SUBJECTS).join(', ')}`);
  process.exit(2);
}

const nodes = values['all-nodes']
  ? installNodeLines()
  : [{ path: process.execPath, version: process.version }];
const results = {};
for (const { path, version } of nodes) {
  results[version] = {};
  for (const name of names) {
    const [measure, quick] = SUBJECTS[name];
    const { title, rows, data } = measure({ node: path, ...(values.quick ? quick : {}) });
    console.log(`\n### ${title}, Node ${version.replace(/^v/, '')}\n`);
    printTable(rows);
    results[version][name] = data;
    saveResults('bench', { results });
  }
}
