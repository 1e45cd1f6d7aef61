import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listBaseFolders, splitRun } from '../../../../dist/commands/ab/one-process/split-run.js';

const RUN = {
  processes: [
    {
      threads: [
        {
          functions: [
            { file: '/base/lib.js', name: 'f', callers: [{ caller: null, calls: 1, totalNs: 1 }] },
            { file: '/now/lib.js', name: 'g', callers: [] },
            {
              file: '/now/lib.js',
              name: 'f',
              callers: [
                { caller: 0, calls: 1, totalNs: 1 },
                { caller: 1, calls: 2, totalNs: 2 },
              ],
            },
          ],
        },
      ],
      targets: [
        { target: 'lib.js:*', functions: [{ file: '/base/lib.js' }, { file: '/now/lib.js' }] },
        { target: 'x' },
      ],
    },
  ],
} as never;

test('each version gets what was recorded of it, callers by their new places', () => {
  const { base, head } = splitRun(RUN, ['/base/']);
  const namesOf = (run: typeof base) => run.processes[0]!.threads[0]!.functions.map(({ name }) => name);
  assert.deepEqual(namesOf(base), ['f']);
  assert.deepEqual(namesOf(head), ['g', 'f']);
  const callers = head.processes[0]!.threads[0]!.functions[1]!.callers;
  assert.deepEqual(
    callers.map(({ caller }) => caller),
    [null, 0],
  );
  assert.deepEqual(base.processes[0]!.targets[0]!.functions, [{ file: '/base/lib.js' }]);
  assert.deepEqual(head.processes[0]!.targets[0]!.functions, [{ file: '/now/lib.js' }]);
  assert.deepEqual(head.processes[0]!.targets[1], { target: 'x' });
});

test('the base is a folder, or a package in a cache', () => {
  const at = (file: string) => ({ name: 'f', file: '/now/f.js', base: { name: 'f', file }, reach: 'f' });
  assert.deepEqual(listBaseFolders('/base', [at('/base/src/f.js')]), ['/base/']);
  assert.deepEqual(
    listBaseFolders('/base', [
      at('/c/node_modules/.cache/ttprof/npm/a@1.0.0/node_modules/a/lib/f.js'),
      at('/c/npm/x/node_modules/@s/b/f.js'),
    ]),
    ['/base/', '/c/node_modules/.cache/ttprof/npm/a@1.0.0/node_modules/a/', '/c/npm/x/node_modules/@s/b/'],
  );
});
