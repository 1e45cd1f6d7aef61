import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { endStuck } from '../../../dist/commands/run/end-stuck.js';
import { createSession } from '../../../dist/session/session.js';

/** A process whose environment does not name the session: as all are where there is no `/proc` to show it. */
const start = (): ChildProcess => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);

test('the process that was started is ended where nothing shows whose it is, another one is not', async () => {
  const session = createSession(null, '/');
  const [child, other] = [start(), start()];
  const ended = once(child, 'exit');
  try {
    for (const { pid } of [child, other]) writeFileSync(join(session.folder, `${pid}-a.announced`), '');
    assert.equal(endStuck(session, 'SIGINT', 0, child.pid), false, 'its event loop turned since');
    assert.equal(endStuck(session, 'SIGINT', Number.POSITIVE_INFINITY, undefined), false);
    assert.equal(endStuck(session, 'SIGINT', Number.POSITIVE_INFINITY, child.pid), true);
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    assert.equal(other.signalCode, null);
  } finally {
    child.kill('SIGKILL');
    other.kill('SIGKILL');
    session.remove();
  }
});
