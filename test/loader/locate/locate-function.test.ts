import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createFunctionLocator } from '../../../dist/loader/locate/locate-function.js';

/** Just beyond a multiple of what is kept. */
const FUNCTIONS = 20_001;
/** A function's place has some 500 bytes. */
const MOST_BYTES = 2_000_000;

test('of code that is another each time not every place is kept', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const locate = createFunctionLocator([], () => null);
  const locateNext = (number: number) =>
    locate({
      functionName: 'handler',
      url: `file:///nowhere/${number}.js`,
      lineNumber: number,
      columnNumber: 0,
    });
  locateNext(-1);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let number = 0; number < FUNCTIONS; number++) assert.equal(locateNext(number).line, number + 1);
  assert.equal(locateNext(7).file, '/nowhere/7.js');
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < MOST_BYTES, `${grown} bytes`);
});

test('what ttprof has written into a module is named as its own, not by the name that it has there', () => {
  const locateIn = createFunctionLocator(['/ttprof/'], () => null);
  const at = { lineNumber: 0, columnNumber: 0, url: 'file:///app/lib.js' };
  const written = locateIn({ ...at, functionName: '$ttprof_3454b685' });
  assert.deepEqual([written.name, written.isOwn], ['(ttprof)', true]);
  const mine = locateIn({ ...at, functionName: '$mine' });
  assert.deepEqual([mine.name, mine.isOwn], ['$mine', false]);
});
