import { readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Config } from '../config/config.js';
import { requireIsolated } from '../loader/isolation.js';
import { type WindowsRecording, windowsFileName } from '../runtime/contract.js';
import type * as KeptWindows from '../runtime/inside/kept-windows.js';
import type { WrapProbe } from '../runtime/modes/modes.js';

/** What a thread below `perf` leaves for the one who reads the samples. */
export interface PerfThread {
  readonly note: WrapProbe;
  /** To be called at the thread's end. */
  finish(): void;
}

/**
 * Prepares for `--perf`, of which nothing is loaded otherwise.
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
      // those of isolates that came later: of workers, and of Node's own threads
      removeLogs(logFolder);
      try {
        // of the thread that asks: `PID/task/TID`
        const tid = Number(basename(readlinkSync('/proc/thread-self')));
        const recording: WindowsRecording = { pid, tid, ...windows.take() };
        writeFileSync(join(folder, windowsFileName(recording)), JSON.stringify(recording), { mode: 0o600 });
      } catch {
        // the folder is gone or full: the samples of this thread belong to nobody
      }
    },
  };
}

/** V8 writes a log beside its map for `perf`, into the program's working directory; it holds nothing that is needed. */
function removeLogs(folder: string): void {
  try {
    const own = new RegExp(`^isolate-?0x[0-9a-f]+-${process.pid}-v8\\.log$`);
    for (const name of readdirSync(folder)) if (own.test(name)) rmSync(join(folder, name), { force: true });
  } catch {
    // what may not be read holds no log
  }
}
