import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { replaceFile } from '../../dist/shared/replace-file.js';
import { makeFolder } from '../temporary-folder.js';

const folder = makeFolder();
const path = join(folder, 'file');

/** A rename that is refused so many times first. */
function refusing(code: string, times: number) {
  let refused = 0;
  const rename = (from: string, to: string) => {
    if (refused++ < times) throw Object.assign(new Error(code), { code });
    renameSync(from, to);
  };
  return { rename, count: () => refused };
}

test('a file is replaced whole, in parts or as text, with its mode', () => {
  replaceFile(path, 'text');
  replaceFile(path, [Buffer.from('par'), Buffer.from('ts')], { mode: 0o600 });
  assert.equal(readFileSync(path, 'utf8'), 'parts');
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['file']);
});

for (const code of ['EPERM', 'EBUSY', 'EACCES'])
  test(`on Windows a file that is held open is tried again: ${code}`, () => {
    const { rename, count } = refusing(code, 3);
    replaceFile(path, code, { platform: 'win32', rename });
    assert.equal(readFileSync(path, 'utf8'), code);
    assert.equal(count(), 4);
  });

test('elsewhere, and after a second, the error is thrown, and nothing is left beside the file', () => {
  replaceFile(path, 'before');
  for (const [platform, code] of [
    ['linux', 'EPERM'],
    ['win32', 'ENOSPC'],
    ['win32', 'EBUSY'],
  ] as const) {
    const { rename, count } = refusing(code, Number.POSITIVE_INFINITY);
    assert.throws(() => replaceFile(path, 'after', { platform, rename }), { code });
    assert.equal(count() > 1, code === 'EBUSY');
  }
  assert.equal(readFileSync(path, 'utf8'), 'before');
  assert.deepEqual(readdirSync(folder), ['file']);
});
