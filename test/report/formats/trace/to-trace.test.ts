import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildReport } from '../../../../dist/report/build-report.js';
import { toJson } from '../../../../dist/report/formats/json/json.js';
import { fromJson } from '../../../../dist/report/formats/json/read-json.js';
import { type TraceEvent, toTrace } from '../../../../dist/report/formats/trace/to-trace.js';
import type { Report } from '../../../../dist/report/model.js';
import { OPTIONS, recordFunction, recordProcess, recordRun, recordThread } from '../../recordings.js';

function readEvents(report: Report): TraceEvent[] {
  return (JSON.parse(toTrace(report)) as { traceEvents: TraceEvent[] }).traceEvents;
}

/** What the format says of each kind of event. */
function check(events: readonly TraceEvent[]): void {
  const open = new Map<string, number>();
  for (const event of events) {
    assert.equal(typeof event.name, 'string');
    assert.ok(Number.isInteger(event.pid) && Number.isInteger(event.tid));
    if (event.ph === 'M') {
      assert.ok(event.args !== undefined);
      continue;
    }
    assert.ok(event.ts! >= 0, `${event.ts}`);
    if (event.ph === 'X') assert.ok(event.dur! >= 0);
    else {
      const key = `${event.cat} ${event.id} ${event.pid}`;
      if (event.ph === 'b') {
        assert.ok(!open.has(key));
        open.set(key, event.ts!);
      } else {
        assert.ok(open.get(key)! <= event.ts!);
        open.delete(key);
      }
    }
  }
  assert.equal(open.size, 0, 'each span that begins ends');
}

const main = recordThread(
  [
    recordFunction('sync', { durationNs: [1000, 2000, 3000, 4000], stride: 2 }),
    recordFunction('later', { durationNs: [5000, 5000], startNs: [0, 1000] }, { kind: 'async' }),
  ],
  { collections: { startNs: [500], durationNs: [250] } },
);
const worker = recordThread([recordFunction('sync', { durationNs: [100] })], { threadId: 7 });
const run = recordRun([recordProcess([main, worker]), recordProcess([main], { pid: 200 })]);
const report = buildReport([run, recordRun([recordProcess([main], { pid: 300 })])], OPTIONS);

test('there are as many spans as samples were kept, and the file is one of the format', () => {
  const events = readEvents(report);
  check(events);
  const kept = report.functions.flatMap(({ series }) => series.map(({ startNs }) => startNs.length));
  const calls = events.filter(({ ph, cat }) => ph === 'b' || (ph === 'X' && cat === 'sync'));
  assert.equal(
    calls.length,
    kept.reduce((a, b) => a + b, 0),
  );
  assert.equal(events.filter(({ cat }) => cat === 'gc').length, 3);
  assert.equal(events.filter(({ ph }) => ph === 'b').length, 6, 'calls that overlap are async spans');
});

test('processes and threads are told apart by name, and each run is a span', () => {
  const events = readEvents(report);
  const named = (name: string) => events.filter((event) => event.name === name).map(({ args }) => args!.name);
  assert.deepEqual(named('process_name'), ['run 1, process 100', 'run 1, process 200', 'run 2, process 300']);
  assert.ok(named('thread_name').includes('src/lib.js:sync (worker 7)'));
  assert.ok(named('thread_name').includes('garbage collections (main thread)'));
  assert.equal(events.filter(({ cat }) => cat === 'run').length, 3);
  const tracks = events.filter(({ name, tid }) => name === 'thread_name' && tid > 0).map(({ tid }) => tid);
  assert.equal(new Set(tracks).size, tracks.length);
});

test('starts and durations are those of the samples, in microseconds', () => {
  const spans = readEvents(report).filter(({ cat, pid }) => cat === 'sync' && pid === 1);
  assert.deepEqual(
    spans.map(({ ts, dur }) => [ts, dur]),
    [
      [0, 1],
      [3, 3],
      [0, 0.1],
    ],
  );
});

test('a saved report gives the same trace', () => {
  assert.equal(toTrace(fromJson(toJson(report), 'saved.json')), toTrace(report));
});

test('a comparison has spans of both sides', () => {
  const base = { kind: 'base', source: 'main', report } as const;
  const compared = buildReport([run], { ...OPTIONS, baseline: base });
  const events = readEvents(compared);
  check(events);
  const names = events.flatMap(({ name, args }) => (name === 'process_name' ? [args!.name] : []));
  assert.deepEqual(names, [
    'base run 1',
    'base run 2',
    'current run 1, process 100',
    'current run 1, process 200',
  ]);
});
