import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallFrame, Profile } from '../../../dist/runtime/inside/profile.js';
import type { Locate } from '../../../dist/runtime/inside/read-profile.js';
import { createWholeProfile } from '../../../dist/runtime/inside/whole-profile.js';

const frame = (functionName: string, lineNumber: number, url = '/app/out.js'): CallFrame => ({
  functionName,
  scriptId: '1',
  url,
  lineNumber,
  columnNumber: 4,
});
/** As if a compiler had put ten lines before the source. */
const locate: Locate = ({ functionName, url, lineNumber, columnNumber }) => ({
  name: functionName,
  runningName: functionName,
  file: url === '' ? '' : '/app/src.ts',
  line: lineNumber - 9,
  column: columnNumber + 1,
  sourceLine: (line) => (line > 10 ? line - 10 : null),
  isOwn: false,
});
const profile = (startTime: number, ids: readonly number[], samples: readonly number[]): Profile => ({
  nodes: [
    { id: ids[0]!, callFrame: frame('(root)', -1, ''), hitCount: 0, children: [ids[1]!] },
    { id: ids[1]!, callFrame: frame('f', 10), hitCount: 1, children: [ids[2]!] },
    { id: ids[2]!, callFrame: frame('g', 20), hitCount: 1, positionTicks: [{ line: 22, ticks: 1 }] },
  ],
  startTime,
  endTime: startTime + 100 * samples.length,
  samples,
  timeDeltas: samples.map(() => 100),
});

test('profiles that follow each other are one, in the lines of the source', () => {
  const whole = createWholeProfile(locate);
  assert.equal(whole.read(), null);
  whole.add(profile(1000, [1, 2, 3], [2, 3]));
  whole.add(profile(5000, [7, 8, 9], [9, 8]));
  const { nodes, samples, timeDeltas, startTime, endTime } = whole.read()!;
  assert.deepEqual(
    nodes.map(({ callFrame, hitCount, children }) => [
      callFrame.functionName,
      callFrame.url,
      callFrame.lineNumber,
      hitCount,
      children,
    ]),
    [
      ['(root)', '', -1, 0, [2]],
      ['f', 'file:///app/src.ts', 0, 2, [3]],
      ['g', 'file:///app/src.ts', 10, 2, []],
    ],
  );
  assert.deepEqual(nodes[2]!.positionTicks, [{ line: 12, ticks: 2 }]);
  assert.deepEqual(samples, [2, 3, 3, 2]);
  assert.deepEqual(timeDeltas, [100, 100, 3900, 100]);
  assert.deepEqual([startTime, endTime], [1000, 5200]);
});
