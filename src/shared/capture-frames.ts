// Captured: the program may replace these.
const { captureStackTrace } = Error;
const { hasOwn } = Object;
const { deleteProperty } = Reflect;

const asFrames = (_error: Error, frames: NodeJS.CallSite[]) => frames;
const holder: { stack?: unknown } = {};

/**
 * The frames of the stack below a function's, innermost first. They are read as objects, whatever the program made of
 * `Error`, and without resolving source maps. About 1 µs.
 * @param callee that function: its frame and all inside it are left out
 * @param most how many frames
 */
export function captureFrames(
  callee: (...args: never[]) => unknown,
  most: number,
): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const isOwn = hasOwn(Error, 'prepareStackTrace');
  try {
    Error.stackTraceLimit = most;
    Error.prepareStackTrace = asFrames;
    captureStackTrace(holder, callee);
    return holder.stack as NodeJS.CallSite[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    // where the program has none, an own `undefined` would keep Node from printing with source maps
    if (isOwn && prepareStackTrace !== undefined) Error.prepareStackTrace = prepareStackTrace;
    else deleteProperty(Error, 'prepareStackTrace');
  }
}
