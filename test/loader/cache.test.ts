import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CachedModule, openCache } from '../../dist/loader/cache.js';
import { makeFolder } from '../temporary-folder.js';

const createFolder = () => makeFolder({ 'node_modules/.keep': '' });

const key = { file: '/x/a.js', format: 'module', maps: 'none', cwd: '/x', targets: '[["f",null]]' };
const module: CachedModule = {
  code: 'rewritten\n{"not":"a header"}\u2028é\n',
  matched: { f: 1 },
  functions: [],
  edits: [[0, 3]],
  notes: ['one'],
};
const entriesOf = (folder: string) => readdirSync(join(folder, 'node_modules/.cache/ttprof'));

test('what was written is read again, in another process too', () => {
  const folder = createFolder();
  openCache(folder)!.write(key, 'source', module);
  openCache(folder)!.write({ ...key, file: '/x/b.js' }, 'source', null);
  assert.deepEqual(openCache(folder)!.read(key, 'source'), module);
  assert.equal(openCache(folder)!.read({ ...key, file: '/x/b.js' }, 'source'), null);
  assert.ok(
    entriesOf(folder).every((name) => /^[0-9a-f]+\.json$/.test(name)),
    'no temporary file is left',
  );
});

test('another source, target, format, kind of map, file or working directory is another entry', () => {
  const cache = openCache(createFolder())!;
  cache.write(key, 'source', module);
  assert.equal(cache.read(key, 'changed'), undefined);
  for (const other of [
    { targets: '[]' },
    { format: null },
    { maps: 'compose' },
    { file: '/y.js' },
    { cwd: '/' },
  ])
    assert.equal(cache.read({ ...key, ...other }, 'source'), undefined, JSON.stringify(other));
});

test('a changed source takes the place of the entry before, so the folder does not grow with each change', () => {
  const folder = createFolder();
  const cache = openCache(folder)!;
  for (const source of ['one', 'two', 'three']) cache.write(key, source, { ...module, code: source });
  assert.equal(entriesOf(folder).length, 1);
  assert.equal(cache.read(key, 'three')?.code, 'three');
  assert.equal(cache.read(key, 'one'), undefined);
});

test('damaged entries are passed over and written again', () => {
  const folder = createFolder();
  const cache = openCache(folder)!;
  cache.write(key, 'source', module);
  const path = join(folder, 'node_modules/.cache/ttprof', entriesOf(folder)[0]!);
  const whole = readFileSync(path, 'utf8');
  for (const damaged of [
    '',
    '{',
    whole.slice(0, -3),
    `${whole} `,
    whole.replace('rewritten', 'Rewritten'),
    'null\n',
    '{}\n',
    '{"module":1}\nx',
  ]) {
    writeFileSync(path, damaged);
    assert.equal(cache.read(key, 'source'), undefined, JSON.stringify(damaged));
    cache.write(key, 'source', module);
    assert.deepEqual(cache.read(key, 'source'), module);
  }
});

test('it lies in the nearest folder with node_modules, and nowhere where there is none', () => {
  const folder = createFolder();
  mkdirSync(join(folder, 'packages/a/src'), { recursive: true });
  openCache(join(folder, 'packages/a/src'))!.write(key, 'source', module);
  assert.equal(entriesOf(folder).length, 1);
  const bare = makeFolder();
  const cache = openCache(bare); // unless a folder above has one, as on some machines
  if (cache === null) assert.deepEqual(readdirSync(bare), []);
});

test('where no folder can be written there is no cache', () => {
  const folder = createFolder();
  // a file in the place of the folder: the superuser may write wherever the mode forbids it
  writeFileSync(join(folder, 'node_modules/.cache'), '');
  const { XDG_CACHE_HOME } = process.env;
  try {
    process.env.XDG_CACHE_HOME = join(folder, 'node_modules/.cache');
    assert.equal(openCache(folder), null);
  } finally {
    process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  }
});
