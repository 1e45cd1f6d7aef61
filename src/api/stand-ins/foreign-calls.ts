import { isOwnModule } from '../../loader/isolation.js';
import { asOwnWork, ownWork } from '../../runtime/contract.js';
import { captureFrames } from '../../shared/capture-frames.js';
import type { AnyFunction } from './gate.js';

// Node's module loaders, and the modules below, call functions of `fs`, `path` and `url` through their properties, so
// they call stand-ins as well. What a program asked for is told apart by the file of the calling frame.
const NODE_CALLERS =
  /^node:(?:fs|path|url|internal\/(?:bootstrap|deps|fs|main|modules|process|source_map|url))\b/;

/** Is ttprof itself at work? */
export function isOwnWork(): boolean {
  return ownWork.words[ownWork.at]! > 0;
}

/** Is this call of a stand-in made by Node's own machinery, or by ttprof? About 1 µs. */
export function isForeignCaller(standIn: AnyFunction): boolean {
  if (isOwnWork()) return true;
  return asOwnWork(() => {
    // none where native code or the event loop calls
    const caller = captureFrames(standIn, 1)[0]?.getFileName() ?? null;
    return caller !== null && (NODE_CALLERS.test(caller) || isOwnModule(caller));
  });
}
