import { ownWork } from '../runtime/contract.js';
import type { AnyFunction } from './stand-in.js';

// Node's module loaders, and the modules below, call functions of `fs`, `path` and `url` through their properties, so
// they call stand-ins as well. What a program asked for is told apart by the file of the calling frame.
const NODE_CALLERS =
  /^node:(?:fs|path|url|internal\/(?:bootstrap|deps|fs|main|modules|process|source_map|url))\b/;
/** The folder of ttprof's own modules. */
const OWN_FOLDER = new URL('..', import.meta.url).href;

/** Is ttprof itself at work? */
export function isOwnWork(): boolean {
  return ownWork.depth > 0;
}

/** Is this call of a stand-in made by Node's own machinery, or by ttprof? About 1 µs. */
export function isForeignCaller(standIn: AnyFunction): boolean {
  if (ownWork.depth > 0) return true;
  const caller = fileOfCaller(standIn);
  return caller !== null && (NODE_CALLERS.test(caller) || caller.startsWith(OWN_FOLDER));
}

const holder: { stack?: unknown } = {};
const frames = (_error: Error, sites: NodeJS.CallSite[]) => sites;
const { captureStackTrace } = Error;

/** The file of the frame below a function's; null where native code or the event loop calls. */
function fileOfCaller(callee: AnyFunction): string | null {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const isOwn = Object.hasOwn(Error, 'prepareStackTrace');
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = frames;
  captureStackTrace(holder, callee);
  const [frame] = holder.stack as NodeJS.CallSite[];
  Error.stackTraceLimit = stackTraceLimit;
  if (isOwn && prepareStackTrace !== undefined) Error.prepareStackTrace = prepareStackTrace;
  else Reflect.deleteProperty(Error, 'prepareStackTrace');
  return frame?.getFileName() ?? null;
}
