import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFeature, SOUND_SYNC_HOOKS } from '../../../dist/loader/hooks/node-features.js';

test('synchronous hooks are used from the versions on in which they leave CommonJS alone', () => {
  for (const version of ['22.22.3', '22.23.0', '24.11.1', '24.21.0', '25.1.0', '26.0.0', '27.1.0-nightly'])
    assert.equal(hasFeature(SOUND_SYNC_HOOKS, version), true, version);
  for (const version of ['20.20.2', '22.12.0', '22.22.2', '23.11.0', '24.0.0', '24.11.0', '25.0.9'])
    assert.equal(hasFeature(SOUND_SYNC_HOOKS, version), false, version);
});
