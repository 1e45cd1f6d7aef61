import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { readTargetsInForce } from '../../dist/plugins/targets-in-force.js';
import { createSession } from '../../dist/session/session.js';

const textsOf = (options: Parameters<typeof readTargetsInForce>[0], env: NodeJS.ProcessEnv) =>
  readTargetsInForce(options, env)?.targets.map(({ text }) => text) ?? null;

test('without targets nothing is in force', () => {
  assert.equal(readTargetsInForce({}, {}), null);
  assert.equal(readTargetsInForce({}, { TTPROF: ' ', TTPROF_SESSION: 'none' }), null);
  assert.equal(readTargetsInForce({ targets: [] }, { TTPROF: 'a.js:f' }), null);
});

test('nothing is in force where targets name what no bundler has', () => {
  assert.equal(readTargetsInForce({}, { TTPROF: 'f node:fs:readFileSync !a.js:*' }), null);
});

test('targets come from the options, else from the measurement around, else from the environment', () => {
  const env = { TTPROF: 'a.js:f, b.js:g' };
  assert.deepEqual(textsOf({}, env), ['a.js:f', 'b.js:g']);
  assert.deepEqual(textsOf({ targets: ['c.js:h'] }, env), ['c.js:h']);
  const config = { targets: ['d.js:i'], by: [{ target: null, expression: 'x' }] };
  const session = createSession(config, resolve('/root'));
  try {
    const inForce = readTargetsInForce({}, { ...env, TTPROF_SESSION: session.folder })!;
    assert.deepEqual(
      inForce.targets.map(({ text, by }) => [text, by]),
      [['d.js:i', 'x']],
    );
    assert.equal(inForce.cwd, resolve('/root'));
  } finally {
    session.remove();
  }
  assert.deepEqual(textsOf({}, { ...env, TTPROF_SESSION: session.folder }), ['a.js:f', 'b.js:g']);
});

test('the key differs where rewritten modules do', () => {
  const keyOf = (targets: string[], cwd = '/p') => readTargetsInForce({ targets, cwd }, {})!.key;
  assert.equal(keyOf(['a.js:f']), keyOf(['a.js:f']));
  assert.notEqual(keyOf(['a.js:f']), keyOf(['a.js:g']));
  assert.notEqual(keyOf(['a.js:f']), keyOf(['a.js:f'], '/q'));
});

test('a target that cannot be parsed is an error of one line', () => {
  assert.throws(() => readTargetsInForce({ targets: ['src/a.js'] }, {}), { name: 'TtprofError' });
});
