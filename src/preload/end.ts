/** What happens when a process that is measured ends. */
import { createRequire } from 'node:module';
import type { conclude } from '../conclude.js';
import type { Loader } from '../loader/install.js';
import { apart } from '../loader/own-modules.js';
import type { ProcessRecording, RunRecording } from '../runtime/contract.js';
import { onProcessEnd } from '../runtime/exit.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Role } from './role.js';

const require = createRequire(import.meta.url);

export function arrangeEnd(role: Role, runtime: Runtime, loader: Loader, script: string | null): void {
  if (role.kind === 'worker') return;
  const record = (complete: boolean): ProcessRecording => ({
    ...runtime.collect(),
    entry: script,
    complete,
    targets: loader.facts(),
    notes: loader.notes(),
  });
  if (role.kind === 'child') {
    const { session } = role;
    session.announce();
    onProcessEnd(() => session.write(record(true)));
    return;
  }
  const { session } = role;
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
    const report = apart(() => require('../conclude.js') as { conclude: typeof conclude });
    const code = report.conclude({ config, cwd, runs: [run], lostProcesses, notes: [] });
    if (code !== 0 && exitCode === 0) process.exitCode = code;
  });
}
