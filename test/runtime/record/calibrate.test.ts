import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleProbe, SiteAddress } from '../../../dist/runtime/contract.js';
import { advance, load, setReadingNs, start } from '../harness.js';

// corrects nothing itself meanwhile
const runtime = start({ raw: true });
const { createCalibrator } = await import('../../../dist/runtime/record/calibrate.js');

test('what is expensive outside of a call, as all is before V8 has compiled it, is not taken out of the call', () => {
  const probe = load(runtime, { f: 'sync' }).probe as ModuleProbe & { readonly sites: SiteAddress };
  const cold = {
    enter(index) {
      advance(500);
      return probe.enter(index);
    },
    exit(index, token, value) {
      probe.exit(index, token, value);
      advance(500);
    },
  } as ModuleProbe;
  setReadingNs(10);
  const calibrator = createCalibrator({
    timed: { probe: cold, site: probe.sites },
    counted: null,
    sample: 1,
    raw: false,
  });
  // the first slice has bodies of its own, the later ones two
  for (let slice = 0; slice < 3; slice++) {
    calibrator.calibrate(100);
    assert.deepEqual(calibrator.cost, { innerNs: 10, outerNs: 1020 });
  }
});
