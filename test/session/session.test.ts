import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ProcessRecording } from '../../dist/runtime/contract.js';
import { createSession, noteMeasuring, openSession } from '../../dist/session/session.js';

const RECORDING: ProcessRecording = {
  pid: 1,
  parentPid: 0,
  entry: null,
  startedAtMs: 1,
  durationNs: 1,
  complete: true,
  environment: { node: 'v20', v8: '1', platform: 'linux', arch: 'x64', cpu: 'one', cores: 1 },
  clockNs: 1,
  callInnerNs: 1,
  callOuterNs: 1,
  corrected: true,
  threads: [],
  targets: [],
  notes: [],
};

test('a session carries configuration down and recordings up', () => {
  const root = createSession({ targets: ['a b:c'] }, '/code place');
  try {
    assert.equal(statSync(root.folder).mode & 0o777, 0o700);
    const child = openSession(root.folder);
    assert.deepEqual([child.config, child.cwd], [{ targets: ['a b:c'] }, '/code place']);
    child.announce();
    assert.deepEqual([root.countLost(), root.readRecordings()], [0, []], 'nothing was measured');
    noteMeasuring(root.folder);
    assert.deepEqual([root.countLost(), root.readRecordings()], [1, []]);
    assert.equal(root.countLost(new Set([process.pid])), 0, 'it may still write');
    assert.ok(child.write({ ...RECORDING, complete: false }));
    assert.ok(child.write(RECORDING));
    assert.ok(openSession(root.folder).write({ ...RECORDING, pid: 2 }));
    assert.deepEqual(
      root
        .readRecordings()
        .sort((a, b) => a.pid - b.pid)
        .map(({ pid, complete }) => [pid, complete]),
      [
        [1, true],
        [2, true],
      ],
    );
    assert.equal(root.countLost(), 0);
    assert.ok(readdirSync(root.folder).every((name) => !name.endsWith('.tmp')));
  } finally {
    root.remove();
  }
  assert.equal(existsSync(root.folder), false);
});

test('a session that cannot be written down leaves no folder behind', () => {
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-test-'));
  process.env.TMPDIR = folder;
  try {
    assert.throws(() => createSession({ notJson: 1n }, '/'), /^Error: cannot make a folder for recordings/);
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(folder, { recursive: true });
  }
});

test('a recording that was cut short is left out', () => {
  const session = createSession(null, '/');
  try {
    session.write(RECORDING);
    writeFileSync(join(session.folder, '7-abc.recording'), 'half');
    assert.equal(session.readRecordings().length, 1);
  } finally {
    session.remove();
  }
});

test('a folder that is gone breaks nothing', () => {
  const session = createSession(null, '/');
  session.remove();
  session.announce();
  assert.equal(session.write(RECORDING), false);
  assert.deepEqual(session.readRecordings(), []);
  assert.equal(session.countLost(), 0);
  session.remove();
  assert.throws(() => openSession(session.folder), /^Error: cannot read the session .*ENOENT[^\n]*$/);
});

const isRoot = process.getuid?.() === 0;
test('a folder that cannot be written to breaks nothing', {
  skip: isRoot && 'root may write anywhere',
}, () => {
  const session = createSession(null, '/');
  try {
    chmodSync(session.folder, 0o500);
    session.announce();
    assert.equal(session.write(RECORDING), false);
  } finally {
    chmodSync(session.folder, 0o700);
    session.remove();
  }
});
