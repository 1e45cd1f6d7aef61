import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherAtLooks } from '../../../dist/report/compare/evidence-of-pairs.js';
import { judge } from '../../../dist/report/compare/judge.js';
import { BLOCK_CALLS, measureBlockRatio } from '../../../dist/report/statistics/block-ratios.js';
import { isLook, LOOKS, listLooks, MAX_PAIRS } from '../../../dist/report/statistics/group-sequential.js';
import { createRandom } from '../../../dist/report/statistics/random.js';

const samples = (durationNs: readonly number[], stride = 1) => ({ stride, durationNs });

test('a pair says what its blocks say, where the machine is twice as slow for a part of the time', () => {
  const machine = Array.from({ length: 400 }, (_, call) => (call > 130 && call < 300 ? 2 : 1));
  const before = samples(machine.map((speed) => 1000 * speed));
  const after = samples(machine.map((speed) => 1100 * speed));
  assert.ok(Math.abs(measureBlockRatio(before, after)! - Math.log(1.1)) < 1e-12);
});

test('blocks are compared at equal call numbers, whatever was kept of the calls', () => {
  const warming = (call: number) => 1000 + 2000 / (1 + call);
  const every = Array.from({ length: 800 }, (_, call) => warming(call));
  const kept = every.filter((_, call) => call % 4 === 0).map((ns) => ns * 1.2);
  assert.ok(Math.abs(measureBlockRatio(samples(every), samples(kept, 4))! - Math.log(1.2)) < 1e-12);
});

test('too few calls make no pair of blocks', () => {
  assert.equal(
    measureBlockRatio(samples(Array(BLOCK_CALLS * 5 - 1).fill(1)), samples(Array(200).fill(1))),
    null,
  );
});

test('looks are taken when it is time, and where time runs out the next level stands for the last', () => {
  assert.deepEqual(
    Array.from({ length: MAX_PAIRS + 1 }, (_, pairs) => pairs).filter(isLook),
    [7, 10, 14, 20, 30],
  );
  assert.deepEqual(listLooks(14), LOOKS.slice(0, 3));
  assert.deepEqual(listLooks(8), [LOOKS[0], { ...LOOKS[1], pairs: 8 }]);
  assert.deepEqual(listLooks(40), LOOKS);
});

/** The verdict of the first look that decides, over so many pairs whose true ratio is given. */
function decide(random: () => number, trueRatio: number, noise: number): { verdict: string; pairs: number } {
  // a normal variable would do; the sum of uniform ones is near enough, and has no outliers to help
  const draw = () => (random() + random() + random() - 1.5) * 2 * noise;
  const differences = Array.from({ length: MAX_PAIRS }, () => Math.log(trueRatio) + draw());
  for (const { pairs } of LOOKS) {
    const evidence = gatherAtLooks(differences.slice(0, pairs), { untilDecided: true, seconds: 60 });
    const { verdict } = judge(evidence, 2);
    if (verdict !== 'unsure' || pairs === MAX_PAIRS) return { verdict: verdict!, pairs };
  }
  throw new Error('there is always a last look');
}

function share(trueRatio: number, noise: number, verdicts: readonly string[], trials = 1000): number {
  const random = createRandom(7);
  const found = Array.from({ length: trials }, () => decide(random, trueRatio, noise));
  return found.filter(({ verdict }) => verdicts.includes(verdict)).length / trials;
}

test('all looks together call what lies on the margin itself different in 5 % of trials, not more', () => {
  const wrong = share(1.02, 0.03, ['slower', 'faster']);
  assert.ok(wrong <= 0.05, `${wrong}`);
  assert.ok(wrong > 0.005, `${wrong}: the trial is one that can go wrong`);
});

test('identical code is found to be the same, and a change of 10 % is found, mostly after few pairs', () => {
  assert.equal(share(1, 0.03, ['slower', 'faster']), 0);
  assert.ok(share(1, 0.03, ['same']) > 0.8);
  assert.ok(share(1.1, 0.03, ['slower']) > 0.99);
  assert.ok(share(0.9, 0.03, ['faster']) > 0.99);
});

test('what an early look decided stays decided', () => {
  const clear = Array.from({ length: 7 }, (_, i) => Math.log(1.2) + i / 1000);
  const opposite = Array.from({ length: 23 }, (_, i) => Math.log(0.8) + i / 1000);
  const evidence = gatherAtLooks([...clear, ...opposite], { untilDecided: true, seconds: 60 });
  const { verdict, logRatio } = judge(evidence, 2);
  assert.equal(verdict, 'slower');
  assert.ok(Math.abs(logRatio! - Math.log(1.2)) < 0.01);
});

test('an undecided target says how far it got, and what could be told', () => {
  const wide = Array.from({ length: 30 }, (_, i) => ((i % 7) - 3) * 0.03 + 0.02);
  const { verdict, reason } = judge(gatherAtLooks(wide, { untilDecided: true, seconds: 300 }), 2);
  assert.equal(verdict, 'unsure');
  assert.match(
    reason!,
    /^unsure: between -\d+\.\d % and \+\d+\.\d %; changes below \d+ % cannot be told here in 5 min$/,
  );
});

test('an interval as wide as the world is not explained by the margin', () => {
  const differences = [-0.8, -0.6, -0.3, 0.02, 0.3, 0.5, 0.6, 0.1];
  const evidence = gatherAtLooks(differences, { untilDecided: true, seconds: 10 });
  assert.ok(!('shortage' in evidence));
  const { spentSeconds: _, ...fixed } = { ...evidence, logRatio: Math.log(1.02) };
  const { reason } = judge(fixed, 2);
  assert.match(
    reason!,
    /^unsure: between -\d+\.\d % and \+\d+\.\d %: the pairs of runs differ too much: use a quieter machine$/,
  );
});
