// Runs the test suites of real packages plain and with every function of the package measured, and fails where a test
// fails only when measured. The packages are some whose suites come with them from npm:
//   node scripts/real-code.mjs [NAME…]
// Needs the registry once: they are installed into REAL_CODE_FOLDER, by default a folder in the user's cache.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'dist/cli.js');
const cache = process.env.REAL_CODE_FOLDER ?? join(homedir(), '.cache', 'ttprof-real-code');
/** Milliseconds; a suite that hangs has failed. */
const PATIENCE_MS = 240_000;

/** Versions are fixed: a failing test is to be ours, not theirs. `needs` is what the suite itself requires. */
const PACKAGES = [
  {
    name: 'fastq',
    version: '1.19.1',
    style: 'CommonJS; callbacks, promises, closures that are reused',
    needs: ['tape@5.9.0'],
    command: ['node_modules/tape/bin/tape', 'test/test.js', 'test/promise.js'],
  },
  {
    name: 'find-my-way',
    version: '9.3.0',
    style: 'CommonJS; classes, functions made from text',
    needs: ['rfdc@1.4.1', 'proxyquire@2.1.3'],
    command: ['--test', '--test-reporter=tap', 'test/'],
  },
  {
    name: 'yocto-queue',
    version: '1.2.1',
    style: 'ES module; class with private fields and generators',
    suite: `import Queue from './index.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
test('keeps the order', () => {
  const queue = new Queue();
  for (const value of [1, 2, 3]) queue.enqueue(value);
  assert.equal(queue.size, 3);
  assert.equal(queue.peek(), 1);
  assert.deepEqual([...queue], [1, 2, 3]);
  assert.deepEqual([...queue.drain()], [1, 2, 3]);
  assert.equal(queue.dequeue(), undefined);
});
test('is cleared', () => {
  const queue = new Queue();
  queue.enqueue('a');
  queue.clear();
  assert.equal(queue.size, 0);
});
`,
    needs: [],
    command: ['--test', '--test-reporter=tap', 'suite.test.js'],
  },
];

const wanted = process.argv.slice(2);
const chosen = PACKAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (chosen.length === 0) {
  console.error(`no such package: choose from ${PACKAGES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const rows = chosen.map(compare);
console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));
process.exit(rows.some(({ broken }) => broken > 0) ? 1 : 0);

function compare(pack) {
  const folder = install(pack);
  const plain = run(folder, [process.execPath, ...pack.command]);
  const report = join(folder, 'ttprof.json');
  const targets = ['-t', '**/*:*', '-t', '!test/**:*', '-t', '!**/*.test.js:*'];
  const measure = [
    process.execPath,
    cli,
    ...targets,
    '--no-cache',
    '--quiet',
    '--json',
    report,
    '--',
    'node',
  ];
  const measured = run(folder, [...measure, ...pack.command]);
  const { functions, run: info } = JSON.parse(readFileSync(report, 'utf8'));
  const called = functions.filter(({ calls }) => calls > 0).length;
  // what failed only when measured gets a second chance, so that a test that fails now and then is not taken for it
  let broken = newlyFailing(plain, measured);
  if (broken.length > 0) {
    const again = newlyFailing(plain, run(folder, [...measure, ...pack.command]));
    broken = broken.filter((name) => again.includes(name));
  }
  for (const name of broken) console.error(`${pack.name}: fails only when measured: ${name}`);
  // a suite of which nothing was measured, or that lost tests, proves nothing
  if (called === 0) console.error(`${pack.name}: nothing was measured`);
  if (plain.passed.size === 0) console.error(`${pack.name}: nothing passes without ttprof\n${plain.text}`);
  const isProof = called > 0 && plain.passed.size > 0;
  return {
    name: `${pack.name}@${pack.version}`,
    style: pack.style,
    passed: measured.passed.size,
    'passed plain': plain.passed.size,
    functions: functions.length,
    called,
    calls: functions.reduce((sum, { calls }) => sum + calls, 0),
    processes: info.processes,
    broken: isProof ? broken.length : 1,
  };
}

/** The package beside its dependencies, not in `node_modules`: there it would be somebody else's code. */
function install({ name, version, needs, suite }) {
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(join(folder, 'node_modules'))) return folder;
  const parts = `${folder}.installing`;
  rmSync(parts, { recursive: true, force: true });
  installPackages(parts, [`${name}@${version}`, ...needs], ['--ignore-scripts']);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(parts, 'node_modules', name), folder, { recursive: true });
  cpSync(join(parts, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  rmSync(parts, { recursive: true, force: true });
  if (suite !== undefined) writeFileSync(join(folder, 'suite.test.js'), suite);
  return folder;
}

/** Runs a suite that speaks TAP. */
function run(cwd, [command, ...args]) {
  const { TTPROF, NODE_OPTIONS, NODE_TEST_CONTEXT, ...env } = process.env;
  const path = [dirname(process.execPath), env.PATH].join(delimiter);
  const { stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...env, PATH: path },
    timeout: PATIENCE_MS,
    maxBuffer: 1e9,
  });
  if (error) throw new Error(`${command} ${args.join(' ')} in ${cwd}: ${error.message}`);
  const passed = new Set();
  const failed = new Set();
  for (const [, not, name] of stdout.matchAll(/^ *(not )?ok \d+ -? *(.*?)(?: # .*)?$/gm))
    (not ? failed : passed).add(name);
  return { passed, failed, text: `${stdout}${stderr}` };
}

/** Failing only when measured, or gone. */
function newlyFailing(plain, measured) {
  const failing = [...measured.failed].filter((name) => !plain.failed.has(name));
  const gone = [...plain.passed].filter((name) => !measured.passed.has(name) && !measured.failed.has(name));
  return [...new Set([...failing, ...gone])];
}
