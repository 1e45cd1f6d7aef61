// Captured: the program may replace these, and ttprof itself may be told to time them.
export const intrinsicThen = Promise.prototype.then;
const IntrinsicPromise = Promise;
const species: typeof Symbol.species = Symbol.species;

/** What is called back when a promise settles; both hand on what they get. */
interface Followers<T> {
  readonly fulfilled: (value: T) => unknown;
  readonly rejected: (reason: unknown) => never;
}

/** Does `then` of this native promise give a promise of V8's own class? It asks the promise for the class of its result. */
export function isPlain(promise: Promise<unknown>): boolean {
  return promise.constructor === IntrinsicPromise && IntrinsicPromise[species] === IntrinsicPromise;
}

/** In place of `then` for a promise that is not plain. @returns a native promise that follows it */
export async function awaitWith<T>(
  promise: Promise<T>,
  { fulfilled, rejected }: Followers<T>,
): Promise<unknown> {
  let value: T;
  try {
    value = await promise;
  } catch (reason) {
    return rejected(reason);
  }
  return fulfilled(value);
}
