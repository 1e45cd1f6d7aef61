/**
 * The word `words[at]` is above 0 while ttprof itself works in this thread (rewrites a module, writes a recording): a
 * stand-in of a built-in function that it calls meanwhile must not count that. Where calls are recorded, the word is
 * one of the arena's: each call reads it, and an object's property would cost half a nanosecond more.
 */
export const ownWork: { words: Int32Array; at: number } = { words: new Int32Array(1), at: 0 };

/**
 * Does something that is ttprof's own work. Where calls are recorded the same is written out: this makes a closure, and
 * where V8's stack is full a function could begin that work and not end it.
 */
export function asOwnWork<T>(work: () => T): T {
  ownWork.words[ownWork.at]!++;
  try {
    return work();
  } finally {
    ownWork.words[ownWork.at]!--;
  }
}
