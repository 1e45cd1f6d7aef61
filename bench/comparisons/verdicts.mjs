// How often each verdict was given, for both trials.
import { JOBS } from './workload.mjs';

export const percent = (count, total) => `${((100 * count) / total).toFixed(1)} %`;

/**
 * How often each verdict was given, in all and for each job.
 * @param deltas those of all jobs in turn, where they do not name their job
 */
export function countVerdicts(deltas) {
  const isOf = (index) => (delta, i) => (delta?.job ?? i % JOBS.length) === index;
  const jobs = JOBS.map((job, index) => [job, count(deltas.filter(isOf(index)))]);
  return { ...count(deltas), jobs: Object.fromEntries(jobs) };
}

function count(deltas) {
  const counts = { comparisons: deltas.length, faster: 0, slower: 0, same: 0, unsure: 0, none: 0 };
  for (const delta of deltas) counts[delta?.verdict ?? 'none']++;
  const halfWidths = deltas.flatMap((delta) => (delta?.low == null ? [] : [(delta.high - delta.low) / 2]));
  halfWidths.sort((a, b) => a - b);
  return { ...counts, medianHalfWidth: halfWidths[Math.floor(halfWidths.length / 2)] ?? null };
}
