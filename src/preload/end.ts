/** What happens when a process that is measured ends. */
import type * as Conclude from '../conclude.js';
import type { LoaderView } from '../loader/install.js';
import { apart, requireApart } from '../loader/own-modules.js';
import type { ProcessRecording, RunRecording } from '../runtime/contract.js';
import { TIMED_TARGET } from '../runtime/contract.js';
import { pickFunctions } from '../runtime/difference.js';
import { onProcessEnd } from '../runtime/exit.js';
import { reportWhileRunning } from '../runtime/live.js';
import type { Runtime } from '../runtime/runtime.js';
import { flushRegularly } from '../runtime/upkeep.js';
import type { Role } from './role.js';
import { collectFromWorkers, type Seen, sendFromWorker } from './worker-facts.js';

export function arrangeEnd(
  role: Role,
  runtime: Runtime,
  sources: readonly LoaderView[],
  script: string | null,
): void {
  const seen = (): Seen => ({
    targets: sources.flatMap((source) => source.facts()),
    notes: sources.flatMap((source) => source.notes()),
  });
  if (role.kind === 'worker') {
    process.once('exit', () => sendFromWorker(seen()));
    return;
  }
  const seenByWorkers = collectFromWorkers();
  // the program may have had more measured, for itself, through the module API
  const texts = new Set([...role.config.targets, TIMED_TARGET]);
  const isOurs = ({ targets }: { targets: readonly string[] }) => targets.some((text) => texts.has(text));
  const record = (complete: boolean): ProcessRecording => {
    const all = [seen(), ...seenByWorkers()];
    const collected = runtime.collect();
    return {
      ...collected,
      threads: collected.threads.map((thread) => pickFunctions(thread, isOurs)),
      entry: script,
      complete,
      targets: all.flatMap(({ targets }) => targets),
      notes: [...new Set(all.flatMap(({ notes }) => notes))],
    };
  };
  reportWhileRunning(role.config, () => {
    const { printSoFar } = requireApart<typeof Conclude>('../conclude.js');
    apart(() => printSoFar(record(true), role));
  });
  if (role.kind === 'child') {
    const { session } = role;
    session.announce();
    onProcessEnd(() => session.write(record(true)));
    // what SIGKILL and process.abort() leave of it
    flushRegularly(() => session.write(record(false)));
    return;
  }
  const { session, baseline } = role;
  onProcessEnd(({ exitCode, signal }) => {
    const own = record(true);
    const run: RunRecording = {
      processes: [own, ...(session?.readRecordings() ?? [])],
      exitCode,
      signal,
      startedAtMs: own.startedAtMs,
      durationNs: own.durationNs,
    };
    const lostProcesses = session?.countLost() ?? 0;
    session?.remove();
    const { config, cwd } = role;
    const { conclude } = requireApart<typeof Conclude>('../conclude.js');
    const code = apart(() => conclude({ config, cwd, runs: [run], baseline, lostProcesses, notes: [] }));
    if (code !== 0 && exitCode === 0) process.exitCode = code;
  });
}
