import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { test } from 'node:test';
import { removeFolder } from '../../../dist/commands/ab/remove-folder.js';

test('of a folder that something holds open one line says that it stays', (t) => {
  t.mock.method(fs, 'rmSync', () => {
    throw new Error('EBUSY: resource busy');
  });
  const said = t.mock.method(fs, 'writeSync', () => 0);
  syncBuiltinESMExports();
  try {
    removeFolder('/held');
  } finally {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  }
  assert.deepEqual(
    said.mock.calls.map(({ arguments: args }) => args as unknown[]),
    [[2, 'ttprof: /held could not be removed, and can be: EBUSY: resource busy\n']],
  );
});
