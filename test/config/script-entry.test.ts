import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScriptEntry, type ScriptEntry } from '../../dist/config/script-entry.js';
import { TtprofError } from '../../dist/shared/errors.js';

const read = (args: string[], isEval = false): ScriptEntry => readScriptEntry(['/node', ...args], isEval);

const entries: [string[], Partial<ScriptEntry>][] = [
  // form 3: after the script
  [['/app.js', '--ttprof=a:f', 'x'], { layer: { targets: ['a:f'] }, script: '/app.js', args: ['x'] }],
  [['/app.js', 'x', '--ttprof=f', '--ttprof=g'], { layer: { targets: ['f', 'g'] }, args: ['x'] }],
  [
    ['/app.js', '--ttprof=f', '--ttprof-compare', '--ttprof-json=out.json', '--ttprof-no-cache'],
    { layer: { targets: ['f'], compare: true, json: 'out.json', cache: false }, args: [] },
  ],
  // exactly these names; anything else is the app's
  [
    ['/app.js', '--ttprofile=f', '--ttprof-nope=1', '-t', 'f'],
    { args: ['--ttprofile=f', '--ttprof-nope=1', '-t', 'f'] },
  ],
  // up to a `--`, which stays
  [['/app.js', '--ttprof=f', '--', '--ttprof=g'], { layer: { targets: ['f'] }, args: ['--', '--ttprof=g'] }],
  // form 4: before the script
  [
    ['--ttprof=a/../b:f', 'app.js', 'x'],
    { layer: { targets: ['a/../b:f'] }, script: 'app.js', args: ['x'], mistaken: '--ttprof=a/../b:f' },
  ],
  [
    ['--ttprof=f', '--ttprof-compare', 'app.js', '--ttprof=g', 'x'],
    { layer: { targets: ['f', 'g'], compare: true }, script: 'app.js', args: ['x'], mistaken: '--ttprof=f' },
  ],
  [['--ttprof-compare', '--ttprof=f', 'app.js'], { script: 'app.js', mistaken: '--ttprof-compare' }],
  [
    ['/app.js', '--ttprof-compare=0', '--ttprof-no-cache=0'],
    { layer: { targets: [], compare: false, cache: true } },
  ],
  // none
  [[], { script: null, args: [], mistaken: null }],
];

for (const [args, expected] of entries) {
  test(`reads node ${args.join(' ')}`, () => {
    const entry = read(args);
    for (const [key, value] of Object.entries(expected)) {
      const actual = entry[key as keyof ScriptEntry];
      assert.deepEqual(actual, key === 'layer' ? { targets: [], ...(value as object) } : value, key);
    }
  });
}

test('with -e there is no script, and our options are still taken', () => {
  assert.deepEqual(read(['--ttprof=f', 'x'], true), {
    layer: { targets: ['f'] },
    script: null,
    args: ['x'],
    mistaken: null,
  });
});

const wrong: [string[], string][] = [
  [['/app.js', '--ttprof'], '--ttprof needs a value: --ttprof=T'],
  [['/app.js', '--ttprof-json', 'x'], '--ttprof-json needs a value: --ttprof-json=FILE'],
  [['/app.js', '--ttprof-top=x'], '--ttprof-top: expected a whole number of at least 0, got "x"'],
  [['/app.js', '--ttprof-runs=3'], "--ttprof-runs does not work after a script: use 'ttprof --runs'"],
  [['/app.js', '--ttprof-target=f'], '--ttprof-target does not work after a script: write --ttprof=T'],
  [['--ttprof=f'], 'no script after --ttprof=f: node --import ttprof/register -- --ttprof=T app.js'],
];

for (const [args, message] of wrong) {
  test(`refuses node ${args.join(' ')}`, () => {
    assert.throws(() => read(args), new TtprofError(message));
  });
}
