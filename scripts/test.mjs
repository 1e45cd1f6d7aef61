// Compiles the tests and runs them with node:test, on the Node that runs this script; with --all-nodes on each
// supported line, with --other-nodes on each but the running one, without what no line can change. Further arguments
// filter by path: `npm test -- loader/inject`.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNodeLines, NODE_LINES } from './node-versions.mjs';

/** What Chromium and the TypeScript compiler make of what ttprof writes, whichever Node runs it: a minute on each line. */
const SAME_ON_ALL_LINES = ['report/formats/html/page.test.js', 'types/types.test.js'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const built = join(root, '.test-build');

rmSync(built, { recursive: true, force: true });
const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'test')], { stdio: 'inherit' });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

const args = process.argv.slice(2);
const filters = args.filter((arg) => !arg.startsWith('--'));
const left = args.includes('--other-nodes') ? SAME_ON_ALL_LINES : [];
const files = readdirSync(built, { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.js') && !left.includes(file))
  .filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)))
  .sort()
  .map((file) => join(built, file));
if (files.length === 0) {
  console.error(`no test matches ${filters.join(' ')}`);
  process.exit(1);
}

// what tests keep between processes does not go to the user's own cache
process.env.XDG_CACHE_HOME = join(built, 'cache');

const running = process.version.slice(1).split('.')[0];
const nodes = args.includes('--all-nodes')
  ? installNodeLines()
  : args.includes('--other-nodes')
    ? installNodeLines(NODE_LINES.filter((line) => line !== running))
    : [{ path: process.execPath, version: process.version }];
let failed = false;
for (const { path, version } of nodes) {
  console.log(`\n# Node ${version}`);
  // Tests start Node processes of their own: more files at once than cores only makes them wait for each other.
  const flags = ['--test', `--test-concurrency=${availableParallelism()}`, '--test-reporter=spec'];
  const { status } = spawnSync(path, [...flags, ...files], { cwd: root, stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
