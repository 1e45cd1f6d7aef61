import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatDuration } from '../../../dist/commands/run/format-duration.js';
import { resolveProgram } from '../../../dist/commands/run/resolve-program.js';
import { makeFolder } from '../../temporary-folder.js';

const folder = makeFolder({
  'app.js': '',
  'app.mts': '',
  tool: '#!/usr/bin/env -S node --no-warnings\n',
  script: '#!/bin/sh\n# not node\n',
  'notes.txt': 'node\n',
});
mkdirSync(join(folder, 'folder.js'));
symlinkSync('app.js', join(folder, 'linked'));
chmodSync(join(folder, 'tool'), 0o755);

const isNode = (first: string) => {
  const { command, args } = resolveProgram([first, '--flag', 'x'], folder);
  assert.deepEqual(args.slice(-2), ['--flag', 'x']);
  if (command === process.execPath) assert.equal(args.at(-3), first);
  else assert.equal(command, first);
  return command === process.execPath;
};

test('files that Node can run are run with this Node', () => {
  for (const name of ['app.js', './app.js', join(folder, 'app.js'), 'app.mts', 'tool', 'linked']) {
    assert.ok(isNode(name), name);
  }
});

test('anything else is a command', () => {
  for (const name of ['npm', 'node', 'script', 'notes.txt', 'folder.js', 'missing.js', '.']) {
    assert.ok(!isNode(name), name);
  }
});

test('durations are said in two units', () => {
  const texts = [
    [400, '0 s'],
    [8_000, '8 s'],
    [60_000, '1 min'],
    [80_000, '1 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ] as const;
  for (const [ms, text] of texts) assert.equal(formatDuration(ms), text);
});
