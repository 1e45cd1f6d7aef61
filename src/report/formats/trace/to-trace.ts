import type { FunctionStats, Report, ThreadCollections, ThreadPlace } from '../../model.js';

/**
 * An event of Chrome's trace event format
 * (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU); times in µs.
 */
export interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'b' | 'e' | 'M';
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  /** What joins the two ends of an async span. */
  readonly id?: string;
  readonly args?: { readonly [name: string]: string | number };
}

const NS_PER_US = 1_000;
/** To 0.01 ns. */
const toUs = (ns: number) => Math.round(100 * ns) / (100 * NS_PER_US);

/** What one side of a comparison measured. */
interface Side {
  /** Empty where there is only one. */
  readonly label: string;
  readonly functions: readonly FunctionStats[];
  readonly collections: readonly ThreadCollections[];
  readonly threads: readonly ThreadPlace[];
}

/**
 * The kept samples of all functions as spans on a timeline, for Perfetto, DevTools and speedscope: a process for each
 * process of each run, and in it a track for each function of each thread (the kept calls of two functions need not be
 * the same, so one track would not nest). What can overlap (calls that wait) is an async span. Pure.
 */
export function toTrace(report: Report): string {
  const lines = listEvents(report).map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ns","traceEvents":[\n${lines.join(',\n')}\n]}\n`;
}

function listEvents(report: Report): TraceEvent[] {
  const events: TraceEvent[] = [];
  const tracks = createTracks(events, report.run.flags.includes('--settle'));
  for (const side of listSides(report)) {
    for (const fn of side.functions) tracks.addFunction(side, fn);
    for (const each of side.collections) tracks.addCollections(side, each);
  }
  tracks.addRuns();
  return events;
}

function listSides({ functions, collections = [], threads = [], comparison }: Report): Side[] {
  const now = { functions, collections, threads };
  const before = functions.flatMap(({ baseline }) => baseline ?? []);
  if (before.length === 0) return [{ label: '', ...now }];
  const [there, here] = comparison?.kind === 'base' ? ['base', 'current'] : ['baseline', 'now'];
  return [
    { label: there!, functions: before, collections: [], threads: [] },
    { label: here!, ...now },
  ];
}

function createTracks(events: TraceEvent[], settles: boolean) {
  const pids = new Map<string, { pid: number; name: string; startUs: number; endUs: number }>();
  let lastTid = 0;
  let lastSpan = 0;

  function openProcess({ label, threads }: Side, run: number, thread: number) {
    const place = threads.find((each) => each.run === run && each.thread === thread);
    const key = `${label}\0${run}\0${place?.pid ?? ''}`;
    let process = pids.get(key);
    if (process === undefined) {
      // ids of our own: those of processes may return from run to run
      const pid = pids.size + 1;
      const name = `${label} run ${run + 1}${place === undefined ? '' : `, process ${place.pid}`}`.trim();
      process = { pid, name, startUs: Number.POSITIVE_INFINITY, endUs: 0 };
      pids.set(key, process);
      events.push({ name: 'process_name', ph: 'M', pid, tid: 0, args: { name } });
      events.push({ name: 'process_sort_index', ph: 'M', pid, tid: 0, args: { sort_index: pid } });
    }
    return { process, threadName: nameThread(place, thread) };
  }

  function openTrack(side: Side, run: number, thread: number, what: string) {
    const { process, threadName } = openProcess(side, run, thread);
    const { pid } = process;
    const tid = ++lastTid;
    const name = threadName === '' ? what : `${what} (${threadName})`;
    events.push({ name: 'thread_name', ph: 'M', pid, tid, args: { name } });
    events.push({ name: 'thread_sort_index', ph: 'M', pid, tid, args: { sort_index: tid } });
    const span = (spanName: string, cat: string, startNs: number, durationNs: number, overlaps: boolean) => {
      const ts = toUs(startNs);
      const dur = toUs(durationNs);
      const endUs = toUs(startNs + durationNs);
      process.startUs = Math.min(process.startUs, ts);
      process.endUs = Math.max(process.endUs, endUs);
      if (!overlaps) {
        events.push({ name: spanName, cat, ph: 'X', ts, dur, pid, tid });
        return;
      }
      const id = `0x${(++lastSpan).toString(16)}`;
      events.push({ name: spanName, cat, ph: 'b', id, ts, pid, tid });
      events.push({ name: spanName, cat, ph: 'e', id, ts: endUs, pid, tid });
    };
    return span;
  }

  return {
    addFunction(side: Side, { name, kind, series }: FunctionStats): void {
      const overlaps = kind !== 'sync' || settles;
      for (const { run = 0, thread = 0, startNs, durationNs } of series) {
        if (startNs.length === 0) continue;
        const span = openTrack(side, run, thread, name);
        for (let i = 0; i < startNs.length; i++) span(name, kind, startNs[i]!, durationNs[i]!, overlaps);
      }
    },
    addCollections(side: Side, { run, thread, startNs, durationNs }: ThreadCollections): void {
      const span = openTrack(side, run, thread, 'garbage collections');
      for (let i = 0; i < startNs.length; i++)
        span('garbage collection', 'gc', startNs[i]!, durationNs[i]!, false);
    },
    /** To be called last. */
    addRuns(): void {
      for (const { pid, name, startUs, endUs } of pids.values()) {
        if (endUs < startUs) continue;
        events.push({ name: 'thread_name', ph: 'M', pid, tid: 0, args: { name: 'run' } });
        events.push({ name, cat: 'run', ph: 'X', ts: startUs, dur: endUs - startUs, pid, tid: 0 });
      }
    },
  };
}

function nameThread(place: ThreadPlace | undefined, thread: number): string {
  if (place !== undefined) return place.threadId === 0 ? 'main thread' : `worker ${place.threadId}`;
  return thread === 0 ? '' : `thread ${thread + 1}`;
}
