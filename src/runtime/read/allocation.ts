import type { AllocationRecording, SiteAddress } from '../contract.js';
import { heap } from '../memory/arena.js';
import { MAX, MIN, NESTED, NESTED_TOTAL, OUTERMOST, TOTAL } from '../memory/layout.js';
import { collectHistogram } from './histogram.js';

/**
 * @param own the record for the bytes that a site's calls allocate
 * @param outermostCalls the site's, of which those that were read may be a few
 */
export function collectAllocation(own: SiteAddress, outermostCalls: number): AllocationRecording {
  const read = heap[own + OUTERMOST]!;
  const histogram = collectHistogram(own);
  return {
    calls: read + heap[own + NESTED]!,
    outermostCalls: read,
    totalBytes: heap[own + TOTAL]! * (read === 0 ? 0 : outermostCalls / read),
    sumBytes: heap[own + TOTAL]! + heap[own + NESTED_TOTAL]!,
    minBytes: histogram.counts.length === 0 ? 0 : heap[own + MIN]!,
    maxBytes: heap[own + MAX]!,
    histogram,
  };
}
