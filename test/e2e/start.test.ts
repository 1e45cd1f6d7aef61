import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project } from './project.js';

/** Built-in modules that cost milliseconds to load, and that a start must do without. */
const COSTLY = ['crypto', 'child_process', 'inspector', 'http', 'v8'];

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
