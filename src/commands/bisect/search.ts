/** Where a revision belongs: to the good end, to the bad end, or it cannot be told (its program fails). */
export type Answer = 'good' | 'bad' | 'skip';

/** What the search found. */
export interface Found {
  /** The first bad one, or where some could not be tested, all that it may be, oldest first. */
  readonly suspects: readonly number[];
}

/**
 * Finds the first bad one of a row whose beginning is good and whose last one is bad, as `git bisect` does: each test
 * halves what is left, and next to one that cannot be tested another is tried.
 * @param count how many there are; the last one is known to be bad, and what comes before the first to be good
 * @param test asked at most once for each
 */
export async function searchFirstBad(
  count: number,
  test: (index: number) => Promise<Answer>,
): Promise<Found> {
  let low = 0; // all before are good
  let high = count - 1; // this one is bad
  const skipped = new Set<number>();
  for (;;) {
    const open = Array.from({ length: high - low }, (_, i) => low + i).filter((index) => !skipped.has(index));
    if (open.length === 0) break;
    const middle = (low + high - 1) / 2;
    const next = open.reduce((best, one) => (Math.abs(one - middle) < Math.abs(best - middle) ? one : best));
    const answer = await test(next);
    if (answer === 'skip') skipped.add(next);
    else if (answer === 'bad') high = next;
    else low = next + 1;
  }
  return { suspects: Array.from({ length: high - low + 1 }, (_, i) => low + i) };
}
