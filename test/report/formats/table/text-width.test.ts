import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eastAsianWidth } from 'get-east-asian-width';
import { graphemes, shortenMiddle, textWidth } from '../../../../dist/report/formats/table/text-width.js';

test('every assigned character is as wide as get-east-asian-width says, or combines', () => {
  const wrong: string[] = [];
  for (let code = 0x20; code <= 0x10ffff; code++) {
    const char = String.fromCodePoint(code);
    // unassigned and private characters have no width to be right about; Node lines know different versions of Unicode
    if (!/\p{Assigned}/u.test(char) || /[\p{Co}\p{Cs}\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u.test(char)) continue;
    if (textWidth(char) !== eastAsianWidth(code)) wrong.push(code.toString(16));
  }
  assert.deepEqual(wrong, []);
});

test('graphemes count once', () => {
  const expected: [text: string, width: number][] = [
    ['maths', 5],
    ['größe', 5],
    ['e\u0301', 1], // an accent of its own
    ['日本語', 6],
    ['ｶﾅ', 2], // halfwidth
    ['한국', 4],
    ['\u1112\u1161\u11ab', 2], // one syllable in three letters
    ['🎯', 2],
    ['👩‍👩‍👧', 2],
    ['🇨🇭', 2],
    ['✔️', 2], // text made an emoji by its selector
    ['✔', 1],
    ['a\u200bb', 2],
  ];
  for (const [text, width] of expected) assert.equal(textWidth(text), width, text);
});

test('long texts lose their middle and keep their end', () => {
  assert.equal(shortenMiddle('src/some/where/lib.js:maths()', 29), 'src/some/where/lib.js:maths()');
  assert.equal(shortenMiddle('src/some/where/lib.js:maths()', 20), 'src/some/…js:maths()');
  assert.equal(shortenMiddle('src/some/where/lib.js:maths()', 12, 8), 'src…:maths()');
  assert.equal(shortenMiddle('日本語日本語', 6), '日…語');
  assert.equal(shortenMiddle('abc', 1), '…');
  assert.equal(shortenMiddle('abc', 0), '');
});

test('a shortened text is never wider than asked, and no grapheme is cut', () => {
  const unit = fc.constantFrom('a', 'ß', '日', '👩‍👩‍👧', 'e\u0301', '🇨🇭');
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), fc.nat(40), fc.nat(40), (units, width, keepEnd) => {
      const text = units.join('');
      const shortened = shortenMiddle(text, width, keepEnd);
      assert.ok(textWidth(shortened) <= width);
      const parts = new Set([...graphemes(text), '…']);
      for (const part of graphemes(shortened)) assert.ok(parts.has(part), part);
      if (textWidth(text) <= width) assert.equal(shortened, text);
    }),
  );
});
