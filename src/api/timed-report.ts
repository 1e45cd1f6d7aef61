import { asOwnWork, TIMED_TARGET } from '../runtime/contract.js';
import { ARENA_KEY } from '../runtime/memory/arena.js';
import { isMainThread, readShared } from '../runtime/memory/threads.js';
import { onProcessEnd } from '../runtime/process/exit.js';
import { pickFunctions } from '../runtime/read/difference.js';
import type { Runtime } from '../runtime/runtime.js';
import { publish } from './publish.js';
import { readSettings } from './settings.js';

/**
 * Has decorated methods reported when this process ends, with those of its workers; of a worker alone where its main
 * thread records nothing. To be called where no preload runs, which would report them itself.
 */
export function arrangeTimedReport(runtime: Runtime): void {
  if (isMainThread) onProcessEnd(() => reportTimed(runtime));
  else if (readShared(ARENA_KEY) === undefined)
    process.once('exit', () => asOwnWork(() => reportTimed(runtime)));
}

function reportTimed(runtime: Runtime): void {
  const { startedAtMs, durationNs, threads } = runtime.collect();
  const timed = threads
    .map((thread) => pickFunctions(thread, ({ targets }) => targets.includes(TIMED_TARGET)))
    .filter(({ functions }) => functions.length > 0);
  if (timed.length === 0) return;
  publish(
    readSettings({}),
    [TIMED_TARGET],
    { threads: timed, facts: [], outcomes: [], notes: [] },
    { startedAtMs, durationNs, notes: [] },
  );
}
