import fs from 'node:fs';
import { asOwnWork } from '../contract.js';

const SIGNAL = 'SIGUSR2';
const MS_PER_SECOND = 1000;
// Captured: the program may replace them.
const { setInterval } = globalThis;
const { readFileSync } = fs;
const kill = process.kill.bind(process);
const toNumber = Number;

export interface ReportOnDemandOptions {
  /** Every so often; null for never. */
  readonly intervalSeconds: number | null;
}

/**
 * Calls back for a report of the running process: at an interval, and at SIGUSR2 for as long as the program has no handler
 * of its own. When it adds one, ours is removed for good, because some handlers raise the signal again to end the process.
 * Neither keeps the process alive. What the callback throws is ignored.
 */
export function reportOnDemand({ intervalSeconds }: ReportOnDemandOptions, callback: () => void): void {
  const report = (): void => {
    try {
      asOwnWork(callback);
    } catch {
      // The program goes on.
    }
  };
  if (intervalSeconds !== null) setInterval(report, intervalSeconds * MS_PER_SECOND).unref();
  // --report-on-signal and --heapsnapshot-signal were listening before the preload
  if (process.listenerCount(SIGNAL) > 0 || reportsOnSignal()) return;
  const reportOrEnd = (_name?: unknown, number?: unknown): void => {
    // the program's own `process.emit` is no signal
    if (typeof number !== 'number') return;
    report();
    if (!isUnderRestarter()) return;
    process.removeListener(SIGNAL, reportOrEnd);
    try {
      kill(process.pid, SIGNAL);
    } catch {
      // It has none to send.
    }
  };
  const leave = (event: string | symbol, listener: unknown): void => {
    if (event !== SIGNAL || listener === reportOrEnd) return;
    process.removeListener(SIGNAL, reportOrEnd);
    process.removeListener('newListener', leave);
  };
  try {
    process.on(SIGNAL, reportOrEnd);
    // Before Node's own listener: the last handler takes Node's watch of the signal with it, and theirs, not yet among
    // the handlers, needs a new one. After Node's, the signal would end the program in spite of its handler.
    (process as NodeJS.EventEmitter).prependListener('newListener', leave);
  } catch {
    // A platform without this signal.
  }
}

function reportsOnSignal(): boolean {
  const { report } = process as { report?: { reportOnSignal?: boolean; signal?: string } };
  return report?.reportOnSignal === true && report.signal === SIGNAL;
}

/** How many processes can lie between a program and what restarts it: a shell, npx, the command. */
const MAX_ANCESTORS = 5;

/** nodemon restarts a program with this signal, and waits for its end: plain Node ends by it. */
function isUnderRestarter(): boolean {
  const { npm_lifecycle_script: script = '' } = process.env;
  if (/\bnodemon\b/.test(script)) return true;
  try {
    for (let pid = process.ppid, depth = 0; pid > 1 && depth < MAX_ANCESTORS; depth++) {
      if (/(?:^|[/\0])nodemon(?:\.js)?(?:\0|$)/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')))
        return true;
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      pid = toNumber(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }
  } catch {
    // no Linux
  }
  return false;
}
