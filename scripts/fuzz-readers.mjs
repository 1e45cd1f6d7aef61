// Reads damaged files of every kind that ttprof reads back, and fails at the first that is not passed over or told in one
// line. Seeds tell the inputs: what fails, fails again. Needs a build.
//   node scripts/fuzz-readers.mjs [INPUTS, by default 10000] [SEED, by default 1] [READER…]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const [inputs = '10000', firstSeed = '1', ...filters] = process.argv.slice(2);

const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'test')], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
const { createReaders } = await import(join(root, '.test-build/faults/fuzzed-readers.js'));
const { createRandom } = await import(join(root, 'dist/report/statistics/random.js'));

const folder = mkdtempSync(join(tmpdir(), 'ttprof-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const readers = createReaders(folder).filter(
  ({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)),
);
let failed = false;
for (const { name, readOne } of readers) {
  const count = Math.ceil(Number(inputs) / readers.length);
  let seed = Number(firstSeed);
  try {
    for (let done = 0; done < count; done++, seed++) readOne(createRandom(seed));
    console.log(`${name}: ${count} inputs`);
  } catch (error) {
    failed = true;
    console.error(`${name}: seed ${seed} fails (node scripts/fuzz-readers.mjs 1 ${seed} '${name}')`, error);
  }
}
process.exit(failed ? 1 : 0);
