import { editDistance } from './edit-distance.js';

/** Could one name be a misspelling of the other? A third of its characters may differ, case aside. */
export function isNearName(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  const longer = Math.max(left.length, right.length);
  if (longer === 0 || Math.abs(left.length - right.length) > longer / 3) return false;
  return editDistance(left, right) <= Math.max(1, Math.floor(longer / 3));
}

/** Names that a mistyped one may have meant, nearest first. */
export function findNearNames(name: string, candidates: readonly string[]): string[] {
  return candidates
    .filter((candidate) => isNearName(name, candidate))
    .map((candidate) => ({
      candidate,
      distance: editDistance(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);
}
