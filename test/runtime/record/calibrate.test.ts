import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleProbe, SiteAddress } from '../../../dist/runtime/contract.js';
import { advance, load, setReadingNs, start } from '../harness.js';

// corrects nothing itself meanwhile
const runtime = start({ raw: true });
const { createCalibrator } = await import('../../../dist/runtime/record/calibrate.js');

test('what is added to a call is the mean of what an empty one and one that works have, the latter within bounds', () => {
  const CALLS = 100;
  /** See rehearse.ts. */
  const REHEARSED = 5;
  for (const [addedToWorkNs, innerNs] of [
    [2, 11],
    [100, 11.25],
    [-4, 8],
  ] as const) {
    const probe = load(runtime, { f: 'sync' }).probe as ModuleProbe & { readonly sites: SiteAddress };
    let calls = 0;
    let slice = 0;
    const slower = {
      enter(index) {
        const token = probe.enter(index);
        // in each slice but the first those that work come second
        if (++calls > REHEARSED + CALLS && slice > 0) advance(addedToWorkNs);
        return token;
      },
      exit: (index, token, value) => probe.exit(index, token, value),
    } as ModuleProbe;
    setReadingNs(10);
    const timed = { probe: slower, site: probe.sites };
    const calibrator = createCalibrator({ timed, counted: null, sample: 1, raw: false });
    for (; slice < 4; slice++) {
      calls = 0;
      calibrator.calibrate(CALLS);
      assert.equal(calls, REHEARSED + (slice === 0 ? 1 : 2) * CALLS);
    }
    setReadingNs(0);
    assert.equal(calibrator.cost.innerNs, innerNs);
  }
});

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
