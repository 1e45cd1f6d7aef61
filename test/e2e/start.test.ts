import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { hasFeature, SOUND_SYNC_HOOKS } from '../../dist/loader/hooks/node-features.js';
import { Project } from './project.js';

/** Built-in modules that cost milliseconds to load, and that a start must do without. */
const COSTLY = ['crypto', 'child_process', 'inspector', 'http', 'v8'];
/** What starts the thread of asynchronous hooks needs it. */
if (hasFeature(SOUND_SYNC_HOOKS)) COSTLY.push('worker_threads');

let project: Project;
before(async () => {
  project = await Project.create({
    'lib.cjs': 'exports.f = () => 1;\n',
    'app.cjs': `
      require('./lib.cjs').f();
      console.log(JSON.stringify(process.moduleLoadList.map((name) => name.replace(/^NativeModule /, ''))));
    `,
  });
});
after(() => project.remove());

test('a warm start loads no built-in module that costs milliseconds', async () => {
  const measured = ['--import', 'ttprof/register', 'app.cjs', '--ttprof=lib.cjs:f'];
  const cold = await project.node(measured);
  assert.match(cold.stderr, /lib\.cjs:f\(\) +1 /);
  const warm: string[] = JSON.parse((await project.node(measured)).stdout);
  const plain: string[] = JSON.parse((await project.node(['app.cjs'])).stdout);
  assert.ok(plain.includes('fs'));
  assert.deepEqual(
    COSTLY.filter((name) => warm.includes(name) && !plain.includes(name)),
    [],
  );
});

test('the preload is one module: each further one would cost half a millisecond', () => {
  const text = project.read('../node_modules/ttprof/lib/register.js');
  assert.match(text, /preload-\w+\.cjs/);
  assert.doesNotMatch(text, /^(?:import\b|\} from )/m);
});

test('what V8 compiled of ttprof is kept for the next start, unless nothing is to be kept', async () => {
  // a copy of the package: others use the installed one at the same time
  const own = await Project.create({ 'app.cjs': 'function f() {}\nf();\n' });
  try {
    cpSync(own.path('../node_modules/ttprof'), own.path('node_modules/ttprof'), { recursive: true });
    const listKept = () =>
      own.exists('node_modules/.cache/ttprof')
        ? readdirSync(own.path('node_modules/.cache/ttprof'))
            .filter((name) => name.endsWith('.bin'))
            .sort()
        : [];
    const run = async (...flags: string[]) => {
      const { stderr } = await own.node(['--import', 'ttprof/register', 'app.cjs', '--ttprof=f', ...flags]);
      assert.match(stderr, /f\(\) +1 /);
      return listKept();
    };
    assert.deepEqual(await run('--ttprof-no-cache'), []);
    const kept = await run();
    const place = `[0-9a-f]{16}-${process.version}-`;
    assert.match(
      kept.join(' '),
      new RegExp(`^preload-\\w+\\.cjs-${place}\\S+ preload\\.reporting-\\w+\\.cjs-${place}\\S+$`),
    );
    for (const name of kept) {
      const path = own.path(`node_modules/.cache/ttprof/${name}`);
      writeFileSync(path, readFileSync(path).fill(0, 1000, 2000));
      await run();
      assert.ok(
        readFileSync(path)
          .subarray(1000, 2000)
          .some((byte) => byte !== 0),
        `${name}: damaged, and replaced`,
      );
    }
    assert.deepEqual(await run(), kept);
  } finally {
    own.remove();
  }
});

test('where nothing is asked for nothing is said, and no session stays behind', async () => {
  const { code, stderr } = await project.node(['--import', 'ttprof/register', 'app.cjs'], {
    env: { TTPROF: 'lib.cjs:f', TTPROF_QUIET: '1' },
  });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.deepEqual(
    readdirSync(project.path('.temporary')).filter((name) => name.startsWith('ttprof-')),
    [],
  );
});
