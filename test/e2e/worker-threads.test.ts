import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Project } from './project.js';

/*
 * Where hooks see what a program loads, ttprof does not load `node:worker_threads` before the program does, and has to
 * notice that in time, by whatever way the program gets it.
 */

const START = `new Worker(__dirname + '/worker.cjs')`;
const WAYS: Record<string, string> = {
  'require.cjs': `const { Worker } = require('worker_threads'); ${START};`,
  'import.mjs': `import { Worker } from 'node:worker_threads'; const __dirname = import.meta.dirname; ${START};`,
  'dynamic.cjs': `import('node:worker_threads').then(({ Worker }) => ${START});`,
  'create-require.cjs': `
    const { Worker } = require('node:module').createRequire(__filename)('node:worker_threads');
    ${START};
  `,
  'module-load.cjs': `const { Worker } = require('node:module')._load('worker_threads'); ${START};`,
  'builtin.cjs': `const { Worker } = process.getBuiltinModule('worker_threads'); ${START};`,
  'builtin-with-scheme.cjs': `const { Worker } = process.getBuiltinModule('node:worker_threads'); ${START};`,
  'late.cjs': `setTimeout(() => { const { Worker } = require('node:worker_threads'); ${START}; }, 20);`,
  'nested.cjs': `
    const { Worker } = require('node:worker_threads');
    new Worker("const { Worker } = require('node:worker_threads'); new Worker(" + JSON.stringify(__dirname + '/worker.cjs') + ')', { eval: true });
  `,
};

let project: Project;
before(async () => {
  project = await Project.create({
    ...WAYS,
    'worker.cjs': 'function work() { return 1 }\nfor (let i = 0; i < 3; i++) work();\n',
    'parse.cjs': `new (require('node:worker_threads').Worker)(__dirname + '/parsing.cjs');`,
    'parsing.cjs': `JSON.parse('1'); JSON.parse('2');`,
    'early.cjs': `globalThis.early = require('node:worker_threads');`,
    'with-early.cjs': `const { Worker } = globalThis.early; ${START};`,
    'own.cjs': `
      const before = process.getBuiltinModule;
      console.log(before.name, before.length, before('fs') === require('fs'));
      before('worker_threads');
      console.log(process.getBuiltinModule.toString().includes('native code'), Object.keys(process).includes('getBuiltinModule'));
    `,
  });
});
after(() => project.remove());

const measured = ['--import', 'ttprof/register'];

describe('workers are measured where the program gets them', () => {
  for (const name of Object.keys(WAYS))
    it(name, async () => {
      const { stderr } = await project.node([...measured, name, '--ttprof=worker.cjs:work']);
      assert.match(stderr, /worker\.cjs:work\(\) +3 /);
    });

  it('from a preload before ours', async () => {
    const { stderr } = await project.node([
      ...['--require', './early.cjs', ...measured],
      ...['with-early.cjs', '--ttprof=worker.cjs:work'],
    ]);
    assert.match(stderr, /worker\.cjs:work\(\) +3 /);
  });

  it('with --eval, and where only built-in functions are targets', async () => {
    const env = { TTPROF: 'work' };
    const evaluated = await project.node([...measured, '-e', `new worker_threads.Worker('./worker.cjs')`], {
      env,
    });
    assert.match(evaluated.stderr, /work\(\) +3 /);
    const builtin = await project.node([...measured, 'parse.cjs', '--ttprof=globalThis:JSON.parse']);
    assert.match(builtin.stderr, /JSON\.parse\(\) +2 /);
  });
});

it('process.getBuiltinModule does what it did', async () => {
  const plain = await project.node(['own.cjs']);
  const { stdout } = await project.node([...measured, 'own.cjs', '--ttprof=work']);
  assert.equal(stdout, plain.stdout);
});

const MOVING = `
  const moveAndStart = async ({ Worker }) => {
    class Own extends Worker {}
    process.chdir('/');
    const ended = (worker) => new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve));
    const script = __dirname + '/moved-worker.cjs';
    const worker = new Worker(script);
    console.log(worker instanceof Worker, worker.constructor === Worker, Worker.name);
    await ended(worker);
    await ended(new Own(script, { env: { ...process.env }, workerData: 1 }));
    await ended(new Worker(script, { execArgv: ['--no-warnings'] }));
  };
`;

it('workers start and are measured after the program has moved to a folder without ttprof', async () => {
  project.write('moved-lib.cjs', 'exports.work = () => 1;\n');
  project.write('moved-worker.cjs', "require('./moved-lib.cjs').work();\n");
  project.write('moved.cjs', `${MOVING} moveAndStart(require('node:worker_threads'));`);
  project.write(
    'moved.mjs',
    `import * as threads from 'node:worker_threads';
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const __dirname = import.meta.dirname;
    ${MOVING} await moveAndStart(threads);`,
  );
  const target = '--ttprof=moved-lib:work';
  const preload = ['--import', 'ttprof/register'];
  const runs: [args: string[], env?: NodeJS.ProcessEnv][] = [
    [[...preload, 'moved.cjs', target]],
    [[...preload, '--max-old-space-size=999', '--', target, 'moved.mjs']],
    [['moved.mjs'], { NODE_OPTIONS: '--import ttprof/register', TTPROF: 'moved-lib:work' }],
    [['moved.cjs'], { NODE_OPTIONS: '--import ttprof/register' }],
  ];
  for (const [args, env = {}] of runs) {
    const { code, stdout, stderr } = await project.node(args, { env });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'true true Worker\n', args.join(' '));
    if (env.TTPROF !== undefined || args.includes(target))
      assert.match(stderr, /moved-lib\.cjs:work\(\) +3 /, args.join(' '));
  }
});
