import { types } from 'node:util';

// Captured: the program may replace them.
const { isPromise } = types;
const { apply, getPrototypeOf } = Reflect;
const { hasOwn } = Object;
const IntrinsicPromise = Promise;
const intrinsicThen = Promise.prototype.then;

/** Can what an async function returns be followed without the program being able to notice? */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    isPromise(value) &&
    getPrototypeOf(value) === IntrinsicPromise.prototype &&
    !hasOwn(value, 'constructor') &&
    !hasOwn(value, 'then')
  );
}

/**
 * Follows a returned promise in the place of the async function's own promise, whose `resolve` and `reject` are given.
 *
 * For stack traces V8 looks for the functions that wait, from each promise's reaction to the next promise, as long as
 * there is a single one; hence this order, and the second `then`, which settles nothing any more but leads there.
 * @param settled is told before the program is
 */
export function followReturned(
  returned: Promise<unknown>,
  settled: (threw: boolean) => void,
  resolve: (value: unknown) => void,
  reject: (reason: unknown) => void,
): void {
  const fulfilled = (value: unknown) => {
    settled(false);
    resolve(value);
  };
  const rejected = (reason: unknown) => {
    settled(true);
    reject(reason);
  };
  // the program's own `then` where it has replaced it, as V8 does
  const followed: unknown = returned.then(fulfilled, rejected);
  if (isPromise(followed)) apply(intrinsicThen, followed, [resolve]);
}
