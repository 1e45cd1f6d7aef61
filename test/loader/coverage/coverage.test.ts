import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import fc from 'fast-check';
import { type CoverageFile, translateCoverage } from '../../../dist/loader/coverage/coverage.js';
import { toEdit } from '../../../dist/loader/rewrite/insertions.js';
import { rewrite } from '../../../dist/loader/rewrite/rewrite.js';
import { parseTarget } from '../../../dist/loader/targets/target.js';
import { buildProgram } from '../../transparency/random-program.js';
import { installTestRuntime } from '../test-runtime.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const forms = readFileSync(join(root, 'test', 'fixtures', 'forms', 'covered-forms.txt'), 'utf8');
const matches = [{ target: parseTarget('*', { cwd: '/p', exists: () => false }), originals: null }];
const session = new Session();
let runs = 0;

/** Closes a generator after some values. */
function drain(iterator: Iterator<unknown> & AsyncIterator<unknown>): unknown {
  for (let i = 0; i < 4; i++) {
    const result: IteratorResult<unknown> = iterator.next(i);
    if (result.done) return i;
  }
  return iterator.return?.('closed');
}

/** @returns the script: V8 forgets those that nobody holds */
async function run(code: string, filename: string, context: object): Promise<Script> {
  const script = new Script(code, { filename });
  try {
    script.runInNewContext(Object.assign(context, { log: (x: unknown) => x, trace: () => 1, drain }));
  } catch {
    // as it does without us
  }
  for (let i = 0; i < 2; i++) await new Promise(setImmediate);
  return script;
}

/** What V8 counts in a program, and what is made of what it counts in the rewritten one: by function, as text. */
async function cover(source: string): Promise<{ plain: string[]; measured: string[] }> {
  const id = runs++;
  const [plain, measured] = [`/p/plain-${id}.js`, `/p/measured-${id}.js`];
  const { code, insertions } = rewrite(source, { file: '/p/a.js', format: 'script', matches, maps: 'none' })!;
  const scripts = [await run(source, `file://${plain}`, {})];
  const context = {};
  installTestRuntime(context);
  scripts.push(await run(code, `file://${measured}`, context));
  const file = (await session.post('Profiler.takePreciseCoverage')) as unknown as CoverageFile;
  const edited = { source, edits: insertions.map(toEdit), rewrittenLength: code.length };
  translateCoverage(file, new Map([[measured, [edited]]]));
  const show = (name: string) =>
    file.result
      .find(({ url }) => url === `file://${name}`)!
      .functions.map(({ functionName, ranges }) => {
        const counts = ranges.map(
          ({ startOffset, endOffset, count }) => `${startOffset}-${endOffset}: ${count}`,
        );
        return `${functionName} ${counts.join(', ')}`;
      });
  assert.equal(scripts.length, 2);
  return { plain: show(plain), measured: show(measured) };
}

// rejections that the programs do not handle are part of them, and no failure of the test
let listeners: NodeJS.UnhandledRejectionListener[] = [];

describe("V8's coverage of rewritten code, given in terms of the source", () => {
  before(async () => {
    listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', () => {});
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  });
  after(() => {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
    session.disconnect();
  });

  it('is that of the source: forms', async () => {
    for (const source of forms.split('\n//---\n')) {
      const { plain, measured } = await cover(source);
      assert.deepEqual(measured, plain, source);
    }
  });

  it('is that of the source: random programs', async () => {
    const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60, size: 'max' });
    // the same ones each time: what V8 leaves out after `if (1) return` is not followed
    for (const numbers of fc.sample(choices, { seed: 1, numRuns: 100 })) {
      const source = buildProgram(numbers);
      const { plain, measured } = await cover(source);
      assert.deepEqual(measured, plain, source);
    }
  });
});
