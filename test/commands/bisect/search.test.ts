import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { belongsTo } from '../../../dist/commands/bisect/belongs-to.js';
import { type Answer, searchFirstBad } from '../../../dist/commands/bisect/search.js';
import { createRandom } from '../../../dist/report/statistics/random.js';

test('the first bad one is found, or all that it may be, with few tests', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 80 }),
      fc.nat(),
      fc.array(fc.nat({ max: 79 }), { maxLength: 20 }),
      async (count, place, broken) => {
        const firstBad = place % count;
        const asked: number[] = [];
        const { suspects } = await searchFirstBad(count, async (index): Promise<Answer> => {
          assert.ok(index < count - 1, 'the last one is known to be bad');
          asked.push(index);
          if (broken.includes(index)) return 'skip';
          return index >= firstBad ? 'bad' : 'good';
        });
        assert.equal(new Set(asked).size, asked.length, 'each is asked once');
        assert.ok(suspects.includes(firstBad));
        // what could be tested is not left among several suspects, but for the last
        for (const index of suspects.slice(0, -1)) assert.ok(broken.includes(index));
        if (broken.length === 0) {
          assert.deepEqual(suspects, [firstBad]);
          assert.ok(asked.length <= Math.ceil(Math.log2(count)) + 1);
        }
      },
    ),
  );
});

const random = createRandom(5);
const noise = () => (random() + random() + random() - 1.5) * 0.06;

test('a revision belongs to the end on whose side of the middle it lies, also where the change is a gain', () => {
  for (const change of [Math.log(1.15), Math.log(0.8)]) {
    const pairs = (level: number) => Array.from({ length: 30 }, () => level + noise());
    assert.deepEqual(
      [0, change].map((level) => {
        const { end, isSure } = belongsTo(pairs(level), change);
        return [end, isSure];
      }),
      [
        ['good', true],
        ['bad', true],
      ],
    );
  }
});

test('what lies in the middle itself is not sure', () => {
  const change = Math.log(1.1);
  const middling = Array.from(
    { length: 30 },
    (_, i) => change / 2 + (i % 2 === 0 ? 1 : -1) * (0.01 + (i >> 1) * 0.001),
  );
  assert.equal(belongsTo(middling, change).isSure, false);
  assert.equal(belongsTo([change], change).end, 'bad', 'too few pairs are judged by what they say');
});
