import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCompiledByRequire } from '../../../dist/loader/hooks/compiled-entry.js';

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
