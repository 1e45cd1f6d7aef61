import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { evaluate, evaluateOnce } from '../../dist/preload/compiled-code.js';
import { runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';

/** Each text as long as the others: V8 takes one's code for another, which shows where code came from. */
const textOf = (word: 'first' | 'other') =>
  `(function (url, load, keep) { return { say: () => '${word}', url, load, keep }; })\n`;

interface Exports {
  say(): string;
  keep(): void;
  readonly url: string;
  readonly load: unknown;
}

class Script {
  readonly folder = makeFolder({ 'node_modules/one/lib/script.cjs': textOf('first') });
  readonly cache = join(this.folder, 'node_modules/.cache/ttprof');
  readonly file = join(this.folder, 'node_modules/one/lib/script.cjs');
  readonly url = pathToFileURL(this.file).href;

  write(word: 'first' | 'other'): void {
    writeFileSync(this.file, textOf(word));
  }

  /** @returns what the script says; then its code is kept */
  run(): string {
    const exports = evaluate<Exports>(this.url, async () => null);
    const said = exports.say();
    exports.keep();
    return said;
  }

  /** The same in a process of its own. */
  runApart(flags: readonly string[]): string {
    const code = `
      import { evaluate } from ${JSON.stringify(new URL('../../dist/preload/compiled-code.js', import.meta.url).href)};
      const { say, keep } = evaluate(${JSON.stringify(this.url)}, async () => null);
      process.stdout.write(say());
      keep();
    `;
    return runToEnd(process.execPath, [...flags, '--input-type=module', '-e', code]).stdout;
  }

  get kept(): string {
    const [name, ...others] = readdirSync(this.cache);
    assert.deepEqual(others, [], 'one file, and no temporary one');
    return join(this.cache, name!);
  }

  /** How many processes have added to what is kept. */
  get processes(): number {
    return readFileSync(this.kept).at(-1)!;
  }
}

test('a script gets what only modules have', () => {
  const load = async () => null;
  const { url } = new Script();
  const exports = evaluate<Exports>(url, load);
  assert.equal(exports.url, url);
  assert.equal(exports.load, load);
});

test('the code that was kept is what runs the next time', () => {
  const script = new Script();
  assert.equal(script.run(), 'first');
  script.write('other');
  assert.equal(script.run(), 'first');
});

test('code of another platform, in a folder that both share, is not run', () => {
  const script = new Script();
  assert.equal(script.run(), 'first');
  script.write('other');
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'another' });
  try {
    assert.equal(script.run(), 'other');
  } finally {
    Object.defineProperty(process, 'platform', { value: platform });
  }
});

test('code of a folder that was copied with all that is in it is not run: it would tell of the other folder', () => {
  const [script, copy] = [new Script(), new Script()];
  assert.equal(script.run(), 'first');
  cpSync(script.folder, copy.folder, { recursive: true });
  copy.write('other');
  assert.equal(copy.run(), 'other');
});

test('damaged code is ignored, and replaced', () => {
  const damages: [string, (kept: Buffer) => Uint8Array][] = [
    ['a byte', (kept) => kept.fill(kept[100]! ^ 1, 100, 101)],
    [
      'a byte of the second half',
      (kept) => kept.fill(kept.at(-100)! ^ 1, kept.length - 100, kept.length - 99),
    ],
    ['cut short', (kept) => kept.subarray(0, -2)],
    ['half', (kept) => kept.subarray(0, kept.length / 2)],
    ['empty', () => new Uint8Array()],
    ['something else', () => Buffer.from('abcabc')],
  ];
  for (const [name, damage] of damages) {
    const script = new Script();
    script.run();
    const { kept } = script;
    writeFileSync(kept, damage(readFileSync(kept)));
    script.write('other');
    assert.equal(script.run(), 'other', name);
    // what V8 refuses may be another program's, what is damaged nobody's
    if (name !== 'something else') {
      script.write('first');
      assert.equal(script.runApart([]), 'other', `${name}: replaced`);
    }
  }
});

test('the first three processes add what they compiled', () => {
  const script = new Script();
  const counts = [1, 2, 3, 4].map(() => {
    script.run();
    return script.processes;
  });
  assert.deepEqual(counts, [1, 2, 3, 3]);
});

test('what V8 refuses is replaced only when it is old: programs with and without its flags may take turns', () => {
  const script = new Script();
  const flags = ['--no-opt'];
  assert.equal(script.runApart([]), 'first');
  script.write('other');
  assert.equal(script.runApart([]), 'first');
  assert.equal(script.runApart(flags), 'other', 'refused');
  assert.equal(script.runApart([]), 'first', 'left alone');
  const { atimeMs, mtimeMs } = statSync(script.kept);
  utimesSync(script.kept, atimeMs / 1000, mtimeMs / 1000 - 2 * 3600);
  assert.equal(script.runApart(flags), 'other');
  script.write('first');
  assert.equal(script.runApart(flags), 'other', 'replaced');
});

test('a folder that cannot be made is a script that is compiled each time', () => {
  const script = new Script();
  writeFileSync(join(script.folder, 'node_modules/.cache'), 'a file');
  process.env.XDG_CACHE_HOME = join(script.folder, 'node_modules/.cache');
  assert.equal(script.run(), 'first');
  script.write('other');
  assert.equal(script.run(), 'other');
});

test('all that load a script share what it evaluates to, and nobody sees where', () => {
  const globals = Object.keys(globalThis);
  const [one, other] = [new Script(), new Script()];
  const load = async (): Promise<null> => null;
  const shared = evaluateOnce<Exports>(one.url, load);
  assert.equal(evaluateOnce<Exports>(one.url, load), shared);
  assert.notEqual(evaluateOnce<Exports>(other.url, load), shared);
  assert.deepEqual(Object.keys(globalThis), globals);
});
