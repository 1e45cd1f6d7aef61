import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCompiledByRequire } from '../../../dist/loader/hooks/compiled-entry.js';
import { hasFeature, SOUND_SYNC_HOOKS } from '../../../dist/loader/hooks/node-features.js';
import { editDistance } from '../../../dist/shared/names/edit-distance.js';
import { isNearName } from '../../../dist/shared/names/near-names.js';

test('hooks in the thread are used from the versions on in which they leave CommonJS alone', () => {
  for (const version of ['22.22.3', '22.23.0', '24.11.1', '24.21.0', '25.1.0', '26.0.0', '27.1.0-nightly'])
    assert.equal(hasFeature(SOUND_SYNC_HOOKS, version), true, version);
  for (const version of ['20.20.2', '22.12.0', '22.22.2', '23.11.0', '24.0.0', '24.11.0', '25.0.9'])
    assert.equal(hasFeature(SOUND_SYNC_HOOKS, version), false, version);
});

test('a compiler in require.extensions gets the entry only where it would without our preload', () => {
  const base = {
    entry: '/none/app.ts',
    execArgv: ['--require', 'ts-node/register', '--import', 'ttprof/register'],
    nodeOptions: '',
    isOwnPreload: (value: string) => value === 'ttprof/register',
    handlers: { '.js': '', '.ts': '' },
  };
  assert.equal(isCompiledByRequire(base), true);
  assert.equal(isCompiledByRequire({ ...base, entry: '/none/app.js' }), false);
  assert.equal(
    isCompiledByRequire({ ...base, entry: '/none/app.js', handlers: { '.js': 'newLoader' } }),
    true,
  );
  assert.equal(
    isCompiledByRequire({ ...base, entry: '/none/app.mts', handlers: { '.mts': 'newLoader' } }),
    false,
  );
  assert.equal(isCompiledByRequire({ ...base, handlers: { '.js': '' } }), false);
  // Node's own, on 24.0
  assert.equal(isCompiledByRequire({ ...base, handlers: { '.ts': 'loadTS' } }), false);
  // any other --import or --loader sends the entry to the loader of ES modules anyway
  for (const flags of [['--import', 'tsx'], ['--import=tsx'], ['--loader', 'x'], ['--experimental-loader=x']])
    assert.equal(
      isCompiledByRequire({ ...base, execArgv: [...base.execArgv, ...flags] }),
      false,
      flags.join(' '),
    );
  assert.equal(isCompiledByRequire({ ...base, nodeOptions: '--import "ttprof/register"' }), true);
  assert.equal(isCompiledByRequire({ ...base, nodeOptions: '--max-old-space-size=99 --import tsx' }), false);
});

test('names are near where a third of them differs at most', () => {
  assert.equal(editDistance('maths', 'mahts'), 1); // two neighbours that changed places are one mistake
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('parse', 'parser'), 1);
  assert.ok(isNearName('readFile', 'redFile'));
  assert.ok(isNearName('Parse', 'parse'));
  assert.ok(!isNearName('parse', 'render'));
  assert.ok(!isNearName('', ''));
});
