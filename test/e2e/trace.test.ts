import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Project } from './project.js';

let project: Project;
before(async () => {
  project = await Project.create({
    'app.mjs': `import { Worker, isMainThread } from 'node:worker_threads';
function sync() { return 1; }
async function later() { await new Promise((resolve) => setTimeout(resolve, 5)); }
for (let i = 0; i < 10; i++) sync();
await Promise.all([later(), later()]);
if (isMainThread) new Worker(new URL(import.meta.url));
`,
  });
});
after(() => project.remove());

interface Event {
  readonly name: string;
  readonly ph: string;
  readonly cat?: string;
}

const readEvents = (path: string) => (JSON.parse(project.read(path)) as { traceEvents: Event[] }).traceEvents;

test('--trace: calls of all threads, sync and async, are spans; a saved run gives the same', async () => {
  const args = ['-t', 'sync', '-t', 'later', '--json', 'saved.json', '--trace', 'trace.json', 'app.mjs'];
  const { code, stderr } = await project.ttprof(args);
  assert.equal(code, 0, stderr);
  const events = readEvents('trace.json');
  const count = (ph: string, cat: string) =>
    events.filter((each) => each.ph === ph && each.cat === cat).length;
  assert.equal(count('X', 'sync'), 20);
  assert.deepEqual([count('b', 'async'), count('e', 'async')], [4, 4]);
  const again = await project.ttprof(['report', 'saved.json', '--trace', 'again.json']);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(project.read('again.json'), project.read('trace.json'));
});

test('--trace: a file that cannot be written is said', async () => {
  const { code, stderr } = await project.ttprof(['-t', 'sync', '--trace', 'no/such/folder.json', 'app.mjs']);
  assert.notEqual(code, 0);
  assert.match(stderr, /cannot write --trace no\/such\/folder\.json: its folder does not exist/);
});
