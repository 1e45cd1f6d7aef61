import { readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Config } from '../config/config.js';
import { requireIsolated } from '../loader/isolation.js';
import { type WindowsRecording, windowsFileName } from '../runtime/contract.js';
import type * as KeptWindows from '../runtime/inside/kept-windows.js';
import type { WrapProbe } from '../runtime/modes/modes.js';

/** What a thread below `perf` does so that the command can give its samples to targets. */
export interface PerfThread {
  readonly note: WrapProbe;
  /** To be called at the thread's end. */
  finish(): void;
}

/**
 * Prepares for `--perf`. Without it, nothing of this is loaded.
 * @param folder the session's
 */
export function preparePerf({ perf }: Config, folder: string | null): PerfThread | null {
  if (!perf || folder === null) return null;
  const logFolder = process.cwd();
  removeLogs(logFolder);
  const { noting, keepWindows } = requireIsolated<typeof KeptWindows>(
    new URL('../runtime/inside/kept-windows.js', import.meta.url),
  );
  const windows = keepWindows();
  const { pid } = process;
  return {
    note: noting,
    finish() {
      // again, for isolates that were made since: those of workers and of Node's own threads
      removeLogs(logFolder);
      try {
        // links to `PID/task/TID` of the thread that reads it
        const tid = Number(basename(readlinkSync('/proc/thread-self')));
        const recording: WindowsRecording = { pid, tid, ...windows.take() };
        writeFileSync(join(folder, windowsFileName(recording)), JSON.stringify(recording), { mode: 0o600 });
      } catch {
        // the folder is gone or full: the samples of this thread are given to no target
      }
    },
  };
}

/** Besides its map for `perf`, V8 writes a log into the program's working directory. Nothing in it is needed. */
function removeLogs(folder: string): void {
  try {
    const own = new RegExp(`^isolate-?0x[0-9a-f]+-${process.pid}-v8\\.log$`);
    for (const name of readdirSync(folder)) if (own.test(name)) rmSync(join(folder, name), { force: true });
  } catch {
    // the folder cannot be read
  }
}
