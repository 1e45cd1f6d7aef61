// What all of bench/ prints and keeps.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const RESULTS = join(dirname(fileURLToPath(import.meta.url)), 'results');

/** @param {readonly (readonly string[])[]} rows the first one is the header */
export function printTable(rows) {
  const [header, ...body] = rows;
  console.log(`| ${header.join(' | ')} |`);
  console.log(`|${header.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`);
  for (const row of body) console.log(`| ${row.join(' | ')} |`);
}

/** Writes `bench/results/NAME.json`. */
export function saveResults(name, results) {
  mkdirSync(RESULTS, { recursive: true });
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    load: loadavg(),
  };
  const file = join(RESULTS, `${name}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ date: new Date().toISOString(), machine, ...results }, null, 2)}\n`,
  );
  console.error(`written to ${file}`);
}

/**
 * Measures a subject by itself where its module is the script that was started.
 * @param {string} url the module's
 * @param {string} name of the results
 * @param {(options: Record<string, number>) => { rows: string[][], data: unknown }} measure
 * @param {string[]} options their names, as in `--most-calls 1000`; all are numbers
 */
export function runAlone(url, name, measure, ...options) {
  if (process.argv[1] !== fileURLToPath(url)) return;
  const { values } = parseArgs({
    options: Object.fromEntries(options.map((option) => [option, { type: 'string' }])),
  });
  const toField = (option) => option.replace(/-./g, ([, letter]) => letter.toUpperCase());
  const fields = Object.entries(values).map(([option, value]) => [toField(option), Number(value)]);
  const { rows, data } = measure(Object.fromEntries(fields));
  printTable(rows);
  saveResults(name, { data });
}
