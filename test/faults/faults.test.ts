import assert from 'node:assert/strict';
import type { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { type Finished, Project } from '../e2e/project.js';

/**
 * Whatever ends a program, no call is lost, and the program ends as it would have. Each program calls `f` and says on
 * stdout how often; the report must say the same.
 */
const PRELUDE = `
  import { readdirSync, statSync, writeSync } from 'node:fs';
  export let calls = 0;
  export function f(x) { calls++; return x }
  const say = () => writeSync(1, calls + '\\n');
  // our listeners are there once the event loop has turned
  const sayLater = () => setImmediate(() => setImmediate(say));
  // what tells the recordings apart that were flushed one after the other; undefined before the first
  const findFlushed = () => {
    const folder = process.env.TTPROF_SESSION;
    const name = readdirSync(folder).find((each) => each.endsWith('.recording'));
    if (name === undefined) return undefined;
    const { ino, mtimeMs } = statSync(folder + '/' + name);
    return ino + ' ' + mtimeMs;
  };
  // where starting took long, something was flushed before
  const onFlush = (action) => {
    const before = findFlushed();
    setInterval(() => { const last = findFlushed(); if (last !== before && last !== undefined) action() }, 20);
  };
`;

/** Programs by name; `f` is measured, and `say` tells how often it was called. */
const PROGRAMS = {
  'exit-in-callback.mjs': `for (let i = 0; i < 7; i++) f(i); setTimeout(() => { f(); say(); process.exit(5) }, 10);`,
  'exit-inside-target.mjs': `
    function g() { f(); say(); process.exit(6) }
    f(); g();`,
  'throws.mjs': `f(); say(); setTimeout(() => { f(); say(); throw new Error('expected') }, 1);`,
  'rejects.mjs': `f(); say(); await 0; Promise.reject(new Error('expected'));`,
  'exit-handlers.mjs': `
    process.on('exit', () => { f(); f(); });
    process.on('exit', () => { f(); say(); process.exitCode = 9 });
    f();`,
  'exit-in-exit-handler.mjs': `process.on('exit', () => { f(); say(); process.exit(4) }); f();`,
  'throw-in-exit-handler.mjs': `process.on('exit', () => { f(); say(); throw new Error('expected') }); f();`,
  'really-exit.mjs': `f(); say(); process.reallyExit(3);`,
  'ends-itself.mjs': `f(); say(); process.kill(process.pid, 'SIGTERM');`,
  'ends-itself-late.mjs': `
    setImmediate(() => setImmediate(() => { f(); say(); process.kill(process.pid, 1) })); f();`,
  'sleeps.mjs': `f(); f(); sayLater(); setInterval(f, 1e6);`,
  'handles.mjs': `
    process.on('SIGTERM', () => { f(); say(); clearInterval(timer); process.exitCode = 12 });
    const timer = setInterval(() => {}, 1000); f(); writeSync(1, 'ready\\n');`,
  'handled-before.mjs': `
    const handler = () => {};
    process.on('SIGTERM', handler); process.removeListener('SIGTERM', handler);
    f(); sayLater(); setInterval(() => {}, 1e6);`,
  'counts-listeners.mjs': `
    process.once('SIGTERM', () => {
      if (process.listenerCount('SIGTERM') === 0) f();
      process.kill(process.pid, 'SIGTERM');
    });
    f(); setImmediate(() => setImmediate(() => writeSync(1, '2\\n'))); setInterval(() => {}, 1e6);`,
  'loops.mjs': `f(); say(); for (;;);`,
  'aborts.mjs': `f(); f(); f(); onFlush(() => { say(); process.abort() });`,
  'kills-itself.mjs': `
    f(); f();
    onFlush(() => { say(); process.kill(process.pid, 'SIGKILL') });`,
  'kills-itself-in-loop.mjs': `
    let first, reached = 0;
    for (;;) {
      for (let i = 0; i < 1000; i++) f();
      const last = findFlushed();
      if (first === undefined) [first, reached] = [last, calls];
      else if (last !== first) break;
    }
    writeSync(1, reached + ' ' + calls + '\\n'); process.kill(process.pid, 'SIGKILL');`,
};

const names = Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[];
let project: Project;
before(async () => {
  const files: Record<string, string> = {};
  for (const name of names) files[name] = PRELUDE + PROGRAMS[name];
  project = await Project.create(files);
});
after(() => project.remove());

type Form = 'wrapper' | 'preload';
const FORMS: readonly Form[] = ['wrapper', 'preload'];

interface Outcome extends Finished {
  readonly calls: number;
  readonly unfinished: Record<string, number>;
  readonly last: string;
}

const plainRuns = new Map<string, Promise<Finished>>();

function runPlain(program: string): Promise<Finished> {
  const run = plainRuns.get(program) ?? project.node([program]);
  plainRuns.set(program, run);
  return run;
}

let runs = 0;

/** Runs a program with `f` and `g` measured. */
async function measure(
  form: Form,
  program: string,
  onStart: (child: ReturnType<typeof spawn>) => void = () => {},
  extra: readonly string[] = [],
): Promise<Outcome> {
  const json = `report-${++runs}.json`;
  const targets = ['f', 'g'];
  const finished =
    form === 'wrapper'
      ? await project.ttprof(
          [...targets.flatMap((target) => ['-t', target]), '--json', json, ...extra, program],
          { onStart },
        )
      : await project.node(
          [
            '--import',
            'ttprof/register',
            program,
            ...targets.map((target) => `--ttprof=${target}`),
            `--ttprof-json=${json}`,
          ],
          { onStart },
        );
  assert.ok(project.exists(json), `no report: ${finished.stderr}`);
  const { functions } = project.readReport(json);
  return {
    ...finished,
    calls: project.readCalls(json)[`${program}:f`] ?? -1,
    unfinished: Object.fromEntries(functions.map(({ name, unfinished }) => [name, unfinished])),
    last: finished.stdout.trim().split('\n').at(-1) ?? '',
  };
}

for (const form of FORMS) {
  describe(`with the ${form}`, { concurrency: 3 }, () => {
    for (const program of [
      'exit-in-callback.mjs',
      'throws.mjs',
      'rejects.mjs',
      'exit-handlers.mjs',
      'exit-in-exit-handler.mjs',
      'throw-in-exit-handler.mjs',
      'really-exit.mjs',
      'ends-itself.mjs',
      'ends-itself-late.mjs',
    ] as const) {
      test(`${program} loses nothing, and ends as it does without us`, async () => {
        const plain = await runPlain(program);
        const outcome = await measure(form, program);
        assert.equal(outcome.calls, Number(outcome.last));
        assert.deepEqual(
          [outcome.code, outcome.signal, outcome.stdout],
          [plain.code, plain.signal, plain.stdout],
        );
        assert.notEqual(plain.code, 0);
      });
    }

    test('a call in which the process exits is unfinished', async () => {
      const outcome = await measure(form, 'exit-inside-target.mjs');
      assert.deepEqual([outcome.calls, outcome.code], [2, 6]);
      assert.deepEqual(outcome.unfinished, { 'exit-inside-target.mjs:f': 0, 'exit-inside-target.mjs:g': 1 });
    });

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      test(`${signal} ends a program that does not handle it, after the report`, async () => {
        const outcome = await measure(form, 'sleeps.mjs', (child) =>
          onOutput(child, () => child.kill(signal)),
        );
        assert.deepEqual([outcome.signal, outcome.code, outcome.calls], [signal, null, 2]);
      });
    }

    test('a signal that the program handles is the program’s own', async () => {
      const outcome = await measure(form, 'handles.mjs', (child) =>
        onOutput(child, () => child.kill('SIGTERM')),
      );
      assert.deepEqual([outcome.signal, outcome.code, outcome.calls], [null, 12, 2]);
    });

    test('a program that has stopped handling a signal ends by it', async () => {
      const outcome = await measure(form, 'handled-before.mjs', (child) =>
        onOutput(child, () => child.kill('SIGTERM')),
      );
      assert.deepEqual([outcome.signal, outcome.calls], ['SIGTERM', 1]);
    });

    test('a program that re-raises a signal finds no listener but its own', async () => {
      const outcome = await measure(form, 'counts-listeners.mjs', (child) =>
        onOutput(child, () => child.kill('SIGTERM')),
      );
      assert.deepEqual([outcome.signal, outcome.last], ['SIGTERM', '2']);
    });
  });
}

/** Once something is on stdout. */
function onOutput(child: ReturnType<typeof spawn>, action: () => void): void {
  child.stdout!.once('data', action);
}

test('Ctrl-C ends a program in a synchronous loop', async () => {
  const child = await project.node(['--import', 'ttprof/register', 'loops.mjs', '--ttprof=f'], {
    onStart: (started) => onOutput(started, () => started.kill('SIGINT')),
  });
  assert.equal(child.signal, 'SIGINT');
});

describe('what was flushed is reported', { concurrency: 3 }, () => {
  for (const [program, signal] of [
    ['aborts.mjs', 'SIGABRT'],
    ['kills-itself.mjs', 'SIGKILL'],
  ] as const) {
    test(`of ${program}`, async () => {
      const outcome = await measure('wrapper', program);
      assert.equal(outcome.calls, Number(outcome.last));
      assert.equal(outcome.signal, signal);
    });
  }

  test('of a program that never yields: each flush has what was called before the one before', async () => {
    const outcome = await measure('wrapper', 'kills-itself-in-loop.mjs');
    const [reached, all] = outcome.last.split(' ').map(Number) as [number, number];
    assert.ok(outcome.calls >= reached && outcome.calls <= all, `${reached} ${outcome.calls} ${all}`);
    assert.equal(outcome.signal, 'SIGKILL');
  });
});
