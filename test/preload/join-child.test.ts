import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { urlInSession } from '../../dist/config/pass-on.js';
import { joinChild } from '../../dist/preload/join-child.js';

const PRELOAD = 'file:///ttprof/lib/register.js';
const FOLDER = '/tmp/ttprof-1';
const FLAG = `--import=${urlInSession(PRELOAD, FOLDER)}`;
const onPosix = { skip: process.platform === 'win32' };

function join(
  envPairs: readonly string[],
  { file = process.execPath, args = ['child.js'], isOtherUser = false } = {},
) {
  return joinChild({ file, args: [file, ...args], envPairs, isOtherUser }, PRELOAD, FOLDER);
}

test('a child with an environment of its own joins, and is told what that was', () => {
  assert.deepEqual(join(['WORKER=1']), {
    envPairs: ['WORKER=1', `NODE_OPTIONS=${FLAG}`, 'TTPROF_JOINED=null'],
  });
  assert.deepEqual(join(['NODE_OPTIONS=', `TTPROF_SESSION=${FOLDER}`]), {
    envPairs: [`TTPROF_SESSION=${FOLDER}`, `NODE_OPTIONS=${FLAG}`, 'TTPROF_JOINED=""'],
  });
  assert.deepEqual(join(['NODE_OPTIONS=--title="a b"']), {
    envPairs: [`NODE_OPTIONS=--title="a b" ${FLAG}`, 'TTPROF_JOINED="--title=\\"a b\\""'],
  });
});

test('one that finds what it needs is left alone, and one that was told something else', () => {
  for (const envPairs of [
    [`NODE_OPTIONS=${FLAG}`],
    [`NODE_OPTIONS=--title=x ${FLAG}`, `TTPROF_SESSION=${FOLDER}`],
    ['NODE_OPTIONS=--import ttprof/register', 'TTPROF=f'],
    ['TTPROF_SESSION=none'],
    ['TTPROF_SESSION=/tmp/ttprof-2'],
  ])
    assert.equal(join(envPairs), 'left', String(envPairs));
  assert.equal(join([], { args: [FLAG, 'child.js'] }), 'left', 'a fork inherits the flags of Node');
  assert.equal(join([], { file: '/bin/sh' }), 'left');
  assert.equal(join([], { file: 'npm' }), 'left');
});

test('one that might not start with the preload stays apart', () => {
  assert.equal(join([], { args: ['--permission', 'child.js'] }), 'apart');
  assert.equal(join(['NODE_OPTIONS=--experimental-permission']), 'apart');
  assert.equal(join([], { isOtherUser: true }), 'apart');
  assert.equal(join([], { file: '/opt/other/bin/node' }), 'apart');
  assert.equal(join([], { file: './node' }), 'apart');
});

test('node is looked for where the child will look for it', onPosix, () => {
  const folder = dirname(process.execPath);
  const { envPairs } = join([`PATH=/nowhere:${folder}`], { file: 'node' }) as { envPairs: string[] };
  assert.deepEqual(envPairs.slice(1), [`NODE_OPTIONS=${FLAG}`, 'TTPROF_JOINED=null']);
  assert.equal(join(['PATH=/nowhere'], { file: 'node' }), 'apart');
});
