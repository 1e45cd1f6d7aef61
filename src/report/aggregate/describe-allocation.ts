import { type FunctionRecording, mergeHistograms } from '../../runtime/contract.js';
import type { FunctionStats } from '../model.js';
import { quantileOfHistogram } from '../statistics/quantiles.js';
import { sum } from './sums.js';

type Allocation = Pick<FunctionStats, 'allocBytes' | 'allocMedianBytes' | 'allocTotalBytes'>;

/** What the calls of one function allocated, of those recordings that know. */
export function describeAllocation(recordings: readonly FunctionRecording[]): Allocation {
  const read = recordings.flatMap(({ allocation }) => (allocation?.calls ? [allocation] : []));
  if (read.length === 0) return { allocBytes: null, allocMedianBytes: null, allocTotalBytes: null };
  const sampled = read.filter(({ histogram }) => histogram.counts.length > 0);
  const medianBytes = quantileOfHistogram(
    mergeHistograms(sampled.map(({ histogram }) => histogram)),
    0.5,
    Math.min(...sampled.map(({ minBytes }) => minBytes)),
    Math.max(...sampled.map(({ maxBytes }) => maxBytes)),
  );
  return {
    allocBytes: sum(read, (one) => one.sumBytes) / sum(read, (one) => one.calls),
    allocMedianBytes: sampled.length === 0 ? null : medianBytes,
    allocTotalBytes: sum(read, (one) => one.totalBytes),
  };
}
