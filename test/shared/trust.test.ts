import assert from 'node:assert/strict';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findCacheFolder, keepFile } from '../../dist/shared/cache-folder.js';
import { isTrusted, readTrustedFile } from '../../dist/shared/trust.js';
import { makeFolder } from '../temporary-folder.js';

const folder = makeFolder();
const isRoot = process.getuid?.() === 0;
const OTHER = 12_345;

test('what belongs to this user, and nobody else may write to, is trusted', () => {
  assert.ok(isTrusted({ uid: 7, mode: 0o100600 }, 7));
  assert.ok(isTrusted({ uid: 7, mode: 0o40755 }, 7));
  assert.ok(!isTrusted({ uid: 8, mode: 0o100600 }, 7), 'of another user');
  assert.ok(!isTrusted({ uid: 0, mode: 0o100600 }, 7), 'of root');
  assert.ok(!isTrusted({ uid: 7, mode: 0o40777 }, 7), 'a folder for all');
  assert.ok(!isTrusted({ uid: 7, mode: 0o40775 }, 7), 'a folder for a group');
  assert.ok(isTrusted({ uid: 0, mode: 0o40777 }, null), 'where there are no users');
});

describe('the cache folder', { skip: process.platform === 'win32' }, () => {
  let number = 0;
  /** A project, and a home beside it. */
  function makeProject() {
    const root = join(folder, `${number++}`);
    const [project, home] = [join(root, 'project'), join(root, 'home')];
    const cache = join(project, 'node_modules/.cache/ttprof');
    mkdirSync(cache, { recursive: true, mode: 0o755 });
    mkdirSync(home);
    const own = join(home, '.cache/ttprof');
    return { project, cache, own, find: () => findCacheFolder(project, { HOME: home }) };
  }

  test('is that of the nearest node_modules', () => {
    const { cache, find } = makeProject();
    assert.equal(find(), cache);
  });

  for (const place of ['', '/.cache', '/.cache/ttprof']) {
    test(`is the user's own where others may write to node_modules${place}`, () => {
      const { project, own, find } = makeProject();
      chmodSync(`${project}/node_modules${place}`, 0o777);
      assert.equal(find(), own);
    });

    test(`is the user's own where another user owns node_modules${place}`, { skip: !isRoot }, () => {
      const { project, own, find } = makeProject();
      chownSync(`${project}/node_modules${place}`, OTHER, OTHER);
      assert.equal(find(), own);
    });
  }

  test('is none where that cannot be trusted either', () => {
    const { project, own, find } = makeProject();
    chmodSync(`${project}/node_modules`, 0o777);
    mkdirSync(own, { recursive: true });
    chmodSync(own, 0o777);
    assert.equal(find(), null);
    assert.equal(findCacheFolder(project, {}), null);
  });

  test('where another user made one in a parent that all share, nothing of it is read or written', {
    skip: !isRoot,
  }, () => {
    const shared = join(folder, 'shared');
    const planted = join(shared, 'node_modules/.cache/ttprof');
    mkdirSync(planted, { recursive: true });
    for (const path of [planted, join(shared, 'node_modules/.cache'), join(shared, 'node_modules')])
      chownSync(path, OTHER, OTHER);
    chmodSync(shared, 0o1777);
    mkdirSync(join(shared, 'mine'));
    const found = findCacheFolder(join(shared, 'mine'), { HOME: join(folder, 'home') });
    assert.equal(found, join(folder, 'home/.cache/ttprof'));
    assert.deepEqual(readdirSync(planted), []);
  });

  test('what is written there is for this user alone', () => {
    const { own } = makeProject();
    keepFile(join(own, 'entry'), () => 'text');
    assert.equal(lstatSync(own).mode & 0o777, 0o700);
    assert.equal(statSync(join(own, 'entry')).mode & 0o777, 0o600);
    assert.equal(readTrustedFile(join(own, 'entry')).toString(), 'text');
  });

  test('an entry that another user could have written is not read', () => {
    const { cache } = makeProject();
    const entry = join(cache, 'entry');
    writeFileSync(entry, 'text');
    chmodSync(entry, 0o666);
    assert.throws(() => readTrustedFile(entry), { code: 'EACCES' });
    if (!isRoot) return;
    chmodSync(entry, 0o600);
    chownSync(entry, OTHER, OTHER);
    assert.throws(() => readTrustedFile(entry), { code: 'EACCES' });
  });
});
