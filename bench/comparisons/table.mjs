// What both trials print and keep.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JOBS } from './workload.mjs';

const RESULTS = join(dirname(dirname(fileURLToPath(import.meta.url))), 'results');

/** @param {readonly (readonly string[])[]} rows the first one is the header */
export function printTable(rows) {
  const [header, ...body] = rows;
  console.log(`| ${header.join(' | ')} |`);
  console.log(`|${header.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`);
  for (const row of body) console.log(`| ${row.join(' | ')} |`);
}

export const percent = (count, total) => `${((100 * count) / total).toFixed(1)} %`;

/**
 * How often each verdict was given, in all and for each job.
 * @param deltas those of all jobs in turn
 */
export function countVerdicts(deltas) {
  const jobs = JOBS.map((job, index) => [job, count(deltas.filter((_, i) => i % JOBS.length === index))]);
  return { ...count(deltas), jobs: Object.fromEntries(jobs) };
}

function count(deltas) {
  const counts = { comparisons: deltas.length, faster: 0, slower: 0, same: 0, unsure: 0, none: 0 };
  for (const delta of deltas) counts[delta?.verdict ?? 'none']++;
  const halfWidths = deltas.flatMap((delta) => (delta?.low == null ? [] : [(delta.high - delta.low) / 2]));
  halfWidths.sort((a, b) => a - b);
  return { ...counts, medianHalfWidth: halfWidths[Math.floor(halfWidths.length / 2)] ?? null };
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
