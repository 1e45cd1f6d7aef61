import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runToEnd } from './run-to-end.js';

test('a program that hangs fails its test with its command and what it has said', () => {
  const hang = "console.log('so far'); setInterval(() => {}, 1000); process.on('SIGTERM', () => {});";
  assert.throws(
    () => runToEnd(process.execPath, ['-e', hang], { timeout: 2000 }),
    (error) => error instanceof Error && /ETIMEDOUT\n.* -e .*\n--- stdout\nso far\n/.test(error.message),
  );
});

test('a program that cannot be started fails its test', () => {
  assert.throws(() => runToEnd('no-such-program', []), /ENOENT\nno-such-program/);
});
