import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Finished, Project, type RunOptions } from './project.js';

const FILES = {
  'app.cjs': `
    require('node:fs').writeFileSync('started', '');
    function f() {}
    f();
    console.log('ran', JSON.stringify(process.argv.slice(2)));
    if (process.argv[2] === 'child') require('node:child_process').execFileSync(process.execPath, [__filename], { stdio: 'inherit' });
  `,
  'damaged.json': '{ "version": 1, ',
  'empty.json': '',
  'future.json': '{ "version": 99, "functions": [] }',
};

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

/** Wrong usage: one line, exit code 2, and the app has not started. */
function refuses({ code, stdout, stderr }: Finished, ...parts: RegExp[]): void {
  assert.match(stderr, /^ttprof: [^\n]+\n$/);
  for (const part of parts) assert.match(stderr, part);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.ok(!project.exists('started'), 'the app has started');
}

const wrong: [string[], ...RegExp[]][] = [
  [['--nope=3', 'app.cjs'], /--nope/, /3/],
  [['-t', 'f', '--sample', 'abc', 'app.cjs'], /--sample/, /"abc"/],
  [['-t', 'f', '-x', '--baseline', 'old.json', 'app.cjs'], /--compare \(-x\)/, /--baseline "old.json"/],
  [['-t', 'app.cjs:', 'app.cjs'], /--target: .*`app.cjs:`/],
  [['-t', './app.cjs', 'app.cjs'], /`\.\/app.cjs`/, /`\.\/app.cjs:\*`/],
  [['-t', 'f', '--baseline', 'missing.json', 'app.cjs'], /missing.json/],
  [['-t', 'f', '--baseline', '.', 'app.cjs'], /\.: /],
  [['-t', 'f', '--baseline', 'damaged.json', 'app.cjs'], /damaged.json/],
  [['-t', 'f', '--baseline', 'empty.json', 'app.cjs'], /empty.json/],
  [['-t', 'f', '--baseline', 'future.json', 'app.cjs'], /future.json/, /99/],
  [['-t', 'f', '--fail-if-slower', '5', 'app.cjs'], /--fail-if-slower 5/],
  [['-t', 'f', '--json', '-', '--markdown', '-', 'app.cjs'], /--json -/, /--markdown -/],
  [['app.cjs'], /-t/],
  [['-t', '!app.cjs:f', 'app.cjs'], /nothing to measure: `!app\.cjs:f`/, /-t/],
  [['-t', 'f'], /nothing to run/],
  [['-t', 'f', ''], /nothing to run/],
  [['-t', 'f', 'no-such-command-anywhere'], /"no-such-command-anywhere": no such file, and no such command/],
  [['-t', 'f', 'app'], /"app": no such file, .*did you mean app\.cjs\?/],
  [['-t', 'f', '.'], /"\.": is a folder.* -- node \.$/m],
  [['-t', 'f', 'empty.json'], /"empty\.json": is neither a script of Node\.js nor a command in PATH/],
  [['-t', 'f', './empty.json'], /"\.\/empty\.json": is neither executable nor a script of Node\.js/],
];

for (const [args, ...parts] of wrong) {
  test(`refuses ttprof ${args.join(' ')}`, async () => refuses(await project.ttprof(args), ...parts));
}

const run = (args: string[], options?: RunOptions) =>
  project.node(['--import', 'ttprof/register', ...args], options);

test('refuses the same after a script and in the environment', async () => {
  refuses(await run(['app.cjs', '--ttprof=f', '--ttprof-top=x']), /--ttprof-top/, /"x"/);
  refuses(await run(['--', '--ttprof=f', '--ttprof-sample=0', 'app.cjs']), /--ttprof-sample/, /"0"/);
  refuses(await run(['app.cjs', '--ttprof=f', '--ttprof-baseline=missing.json']), /missing.json/);
  refuses(await run(['app.cjs'], { env: { TTPROF: 'f', TTPROF_SAMPLE: 'many' } }), /TTPROF_SAMPLE/, /"many"/);
  refuses(await run(['--', '--ttprof=f']), /no script after --ttprof=f/);
});

test('Node itself refuses the option without --', async () => {
  const { code, stderr } = await run(['--ttprof=f', 'app.cjs']);
  assert.equal(code, 9);
  assert.match(stderr, /bad option: --ttprof=f/);
});

test('ttprof alone prints the help on stdout and exits with 2, --help with 0', async () => {
  const alone = await project.ttprof([]);
  assert.equal(alone.code, 2);
  assert.match(alone.stdout, /^ttprof \d+\.\d+\.\d+/);
  const help = await project.ttprof(['--help']);
  assert.equal(help.code, 0);
  assert.equal(help.stdout, alone.stdout);
  assert.match((await project.ttprof(['-v'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('without a target the app runs, and one line for the tree of processes says how to name one', async () => {
  const { code, stdout, stderr } = await run(['app.cjs', 'child'], {
    env: { NODE_OPTIONS: '--import ttprof/register' },
  });
  assert.equal(code, 0);
  assert.equal(stdout, 'ran ["child"]\nran []\n');
  assert.match(stderr, /^ttprof: nothing is measured: [^\n]*--ttprof=[^\n]*\n$/);
});

test('without a place for recordings the command says so, and the preload measures what it can', async () => {
  const env = { TMPDIR: project.path('no-such-folder'), TEMP: project.path('no-such-folder') };
  rmSync(project.path('started'), { force: true });
  refuses(await project.ttprof(['-t', 'f', 'app.cjs'], { env }), /cannot make a folder/, /no-such-folder/);
  const { code, stderr } = await run(['app.cjs', '--ttprof=f'], { env });
  assert.equal(code, 0);
  assert.match(stderr, /^ttprof: only this process is measured: [^\n]*no-such-folder/);
  assert.match(stderr, /app\.cjs:f\(\) +1 /);
});

test('an unknown TTPROF_* name gets one warning for the tree of processes', async () => {
  const env = { TTPROF: 'f', TTPROF_QUIET: '1', TTPROF_SAMPEL: '3' };
  const { code, stderr } = await run(['app.cjs', 'child'], { env });
  assert.equal(code, 0);
  assert.match(stderr, /^ttprof: [^\n]*TTPROF_SAMPEL[^\n]*TTPROF_SAMPLE\?\n$/);
});

test('a gate that could not fail says so with 2, and names --runs', async () => {
  await project.ttprof(['-t', 'f', '--quiet', '--json', 'old.json', 'app.cjs']);
  rmSync(project.path('started'));
  // known before the app starts
  const gate = ['-t', 'f', '--quiet', '--fail-if-slower', '5'];
  refuses(await project.ttprof([...gate, '--baseline', 'old.json', 'app.cjs']), /--fail-if-slower/, /--runs/);
  const flags = ['--ttprof=f', '--ttprof-baseline=old.json', '--ttprof-fail-if-slower=5'];
  refuses(await run(['app.cjs', ...flags]), /--fail-if-slower/, /--runs/);
  // known at the end
  const { code, stderr } = await project.ttprof([...gate, '-x', '-t', 'console', 'app.cjs']);
  assert.equal(code, 4, stderr);
  const alone = await project.ttprof([...gate, '-x', 'app.cjs']);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /^ttprof: --fail-if-slower [^\n]*\n$/);
});

test('the packed module API says what was written, whatever bundling made of `import.meta.url`', async () => {
  project.write('api.mjs', "import { tprof } from 'ttprof';\ntprof(['x:y'], { from: 3 });\n");
  const { stderr } = await project.node(['api.mjs']);
  assert.match(stderr, /option `from` must be import\.meta\.url or a path, not 3/);
});
