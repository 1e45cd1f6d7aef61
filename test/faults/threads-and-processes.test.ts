import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Project } from '../e2e/project.js';

const FILES = {
  'lib.mjs': `export function f(x) { return x }\n`,
  'busy-worker.mjs': `
    import { parentPort } from 'node:worker_threads';
    import { f } from './lib.mjs';
    for (let i = 0; i < 1000; i++) f(i);
    parentPort.postMessage('ready');
    for (;;);`,
  'terminates.mjs': `
    import { Worker } from 'node:worker_threads';
    import { f } from './lib.mjs';
    for (let i = 0; i < 2; i++) {
      const worker = new Worker(new URL('./busy-worker.mjs', import.meta.url));
      await new Promise((resolve) => worker.once('message', resolve));
      f();
      await worker.terminate();
    }`,
  'exits-with-workers.mjs': `
    import { Worker } from 'node:worker_threads';
    import { f } from './lib.mjs';
    const worker = new Worker(new URL('./busy-worker.mjs', import.meta.url));
    worker.once('message', () => { f(); process.exit(3) });`,
  'nested-worker.mjs': `
    import { Worker, isMainThread, workerData } from 'node:worker_threads';
    import { f } from './lib.mjs';
    f();
    const depth = isMainThread ? 2 : workerData;
    if (depth > 0) new Worker(new URL(import.meta.url), { workerData: depth - 1 });`,
  'cluster.mjs': `
    import cluster from 'node:cluster';
    import { f } from './lib.mjs';
    f();
    if (cluster.isPrimary) for (let i = 0; i < 3; i++) cluster.fork();
    else { f(); process.disconnect(); }`,
  'many.mjs': `
    import { spawn } from 'node:child_process';
    import { f } from './lib.mjs';
    const run = () => new Promise((resolve) => spawn(process.execPath, ['child.mjs']).once('exit', resolve));
    for (let i = 0; i < 5; i++) await Promise.all([run(), run(), run(), run()]);
    f();`,
  'child.mjs': `import { f } from './lib.mjs'; f(); f();`,
  'removes-session.mjs': `
    import { rmSync } from 'node:fs';
    import { spawnSync } from 'node:child_process';
    import { f } from './lib.mjs';
    f();
    rmSync(process.env.TTPROF_SESSION, { recursive: true });
    process.exitCode = spawnSync(process.execPath, ['child.mjs'], { stdio: 'inherit' }).status + 8;`,
  'unhandled.mjs': `
    import { setTimeout as sleep } from 'node:timers/promises';
    function f() { return sleep(5).then(() => { throw new Error('nobody handles this') }) }
    process.on('unhandledRejection', (error) => { console.log(error.message) });
    f();`,
};

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

let runs = 0;

async function measure(program: string, extra: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const json = `report-${++runs}.json`;
  const finished = await project.node(
    ['--import', 'ttprof/register', program, '--ttprof=./lib.mjs:f', `--ttprof-json=${json}`, ...extra],
    { env },
  );
  const report = project.exists(json) ? project.readReport(json) : null;
  return { ...finished, report, calls: report?.functions.find(({ name }) => name === 'lib.mjs:f')?.calls };
}

describe('threads and processes', { concurrency: 3 }, () => {
  test('a terminated worker loses nothing', async () => {
    const { calls, code, report } = await measure('terminates.mjs');
    assert.deepEqual([calls, code, report?.run.threads], [2002, 0, 3]);
  });

  test('process.exit with a busy worker loses nothing', async () => {
    const { calls, code } = await measure('exits-with-workers.mjs');
    assert.deepEqual([calls, code], [1001, 3]);
  });

  test('workers of workers are seen', async () => {
    const { calls, report } = await measure('nested-worker.mjs');
    assert.deepEqual([calls, report?.run.threads], [3, 3]);
  });

  test('the processes of a cluster are merged', async () => {
    const { calls, report } = await measure('cluster.mjs');
    assert.deepEqual([calls, report?.run.processes], [7, 4]);
  });

  test('many short-lived children lose nothing', async () => {
    const { calls, report } = await measure('many.mjs');
    assert.deepEqual([calls, report?.run.processes], [41, 21]);
  });

  test('a session folder that is removed midway takes the children’s recordings, nothing else', async () => {
    const { calls, code, stderr } = await measure('removes-session.mjs');
    assert.deepEqual([calls, code], [1, 8]);
    assert.match(stderr, /lib\.mjs:f\(\)/);
  });

  test('where no session can be made the process itself is measured', async () => {
    const { calls, stderr } = await measure('child.mjs', [], { TMPDIR: project.path('missing') });
    assert.equal(calls, 2);
    assert.match(stderr, /only this process is measured/);
  });
});

describe('output', { concurrency: 3 }, () => {
  test('--json into a missing folder is one line, the table and the exit code stay', async () => {
    const { code, stderr } = await project.node([
      ...['--import', 'ttprof/register', 'exits-with-workers.mjs'],
      ...['--ttprof=./lib.mjs:f', '--ttprof-json=missing/report.json'],
    ]);
    assert.equal(code, 3);
    assert.match(stderr, /results:/);
    assert.equal(stderr.match(/^ttprof: cannot write .*report\.json.*$/gm)?.length, 1);
  });

  test('a full disk is one line', { skip: !existsSync('/dev/full') && 'there is no /dev/full' }, async () => {
    const { code, stderr } = await project.run(
      'sh',
      ['-c', `node --import ttprof/register child.mjs --ttprof=f --ttprof-markdown=/dev/full`],
      {},
    );
    assert.equal(code, 1, 'what was asked for is not there');
    assert.match(stderr, /results:/);
    assert.equal(stderr.match(/^ttprof: cannot write .*$/gm)?.length, 1);
  });

  for (const [what, redirection] of [
    ['closed', '2>&-'],
    ['full', '2>/dev/full'],
  ]) {
    test(`the exit code stays where stderr is ${what}`, async () => {
      const script = `node --import ttprof/register exits-with-workers.mjs --ttprof=./lib.mjs:f --ttprof-json=${what}.json ${redirection}`;
      const { code } = await project.run('sh', ['-c', script], {});
      assert.equal(code, 3);
      assert.equal(project.readCalls(`${what}.json`)['lib.mjs:f'], 1001);
    });
  }

  test('no session folder is left behind', async () => {
    project.write('tmp/.keep', '');
    await measure('cluster.mjs', [], { TMPDIR: project.path('tmp') });
    assert.deepEqual(readdirSync(project.path('tmp')), ['.keep']);
  });
});

test('--settle leaves a rejection that nobody handles unhandled', async () => {
  const { stdout, code } = await project.node([
    ...['--import', 'ttprof/register', 'unhandled.mjs', '--ttprof=f', '--ttprof-settle'],
    '--ttprof-json=unhandled.json',
  ]);
  assert.deepEqual([stdout, code], ['nobody handles this\n', 0]);
  const [f] = JSON.parse(project.read('unhandled.json')).functions;
  assert.deepEqual([f.calls, f.errors, f.unfinished], [1, 1, 0]);
  assert.ok(f.median_ns >= 4e6, `${f.median_ns}`);
});
