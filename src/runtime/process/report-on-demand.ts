import { asOwnWork } from '../contract.js';

const SIGNAL = 'SIGUSR2';
const MS_PER_SECOND = 1000;
const { setInterval } = globalThis;

export interface ReportOnDemandOptions {
  /** Every so often; null for never. */
  readonly intervalSeconds: number | null;
}

/**
 * Calls back for a report of the running process: at SIGUSR2 as long as the program has no handler of its own (ours
 * leaves for good as soon as it adds one: some re-raise the signal to end the process), and at an interval. Neither keeps the
 * process alive. What the callback throws is swallowed.
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
  // --report-on-signal and --heapsnapshot-signal have listened since before the preload.
  if (process.listenerCount(SIGNAL) > 0 || reportsOnSignal()) return;
  const leave = (event: string | symbol, listener: unknown): void => {
    if (event !== SIGNAL || listener === report) return;
    process.removeListener(SIGNAL, report);
    process.removeListener('newListener', leave);
  };
  try {
    process.on(SIGNAL, report);
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
