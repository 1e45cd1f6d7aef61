import { editDistance } from '../shared/edit-distance.js';

/** Names that a mistyped one may have meant, nearest first: at most a third of its letters differ. */
export function findNearest(name: string, candidates: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(name.length / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);
}
