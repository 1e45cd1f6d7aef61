import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapPath, mapTarget } from '../../../dist/commands/ab/map-path.js';

const side = (root: string) => ({ root, cwd: root });
const sides = {
  head: side('/x/app'),
  base: side('/tmp/base'),
  source: 'old',
  isCheckout: true,
  remove: () => {},
};

test('paths below the root are mapped, and no others', () => {
  assert.equal(mapPath('/x/app/src/lib.js', sides), '/tmp/base/src/lib.js');
  assert.equal(mapPath('/x/app', sides), '/tmp/base');
  for (const path of ['/x/apps/lib.js', '/x/other/lib.js', '/x', 'src/lib.js'])
    assert.equal(mapPath(path, sides), path);
});

for (const [target, mapped] of [
  ['/x/app/src/lib.js:maths', '/tmp/base/src/lib.js:maths'],
  ['!/x/app/src/**:*', '!/tmp/base/src/**:*'],
  ['/x/app/lib.js:42:7', '/tmp/base/lib.js:42:7'],
  // a folder whose name only begins so
  ['/x/apps/lib.js:maths', '/x/apps/lib.js:maths'],
  ['file:///x/app/a%20b/lib.js:maths', 'file:///tmp/base/a%20b/lib.js:maths'],
  ['file:///x/apps/lib.js:maths', 'file:///x/apps/lib.js:maths'],
  ['src/lib.js:maths', 'src/lib.js:maths'],
  ['maths', 'maths'],
  ['node:fs:readFileSync', 'node:fs:readFileSync'],
] as const)
  test(`the base's ${target}`, () => assert.equal(mapTarget(target, sides), mapped));
