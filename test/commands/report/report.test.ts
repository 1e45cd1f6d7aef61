import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { toJson } from '../../../dist/report/formats/json/json.js';
import type { RunStats } from '../../../dist/report/model.js';
import { cleanEnvironment } from '../../clean-environment.js';
import { makeComparison, makeFunction, makeReport, makeRun } from '../../report/make-report.js';
import { runToEnd } from '../../run-to-end.js';
import { makeFolder } from '../../temporary-folder.js';

const folder = makeFolder();

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

function report(...args: string[]) {
  const { status, stdout, stderr } = runToEnd(process.execPath, [CLI, 'report', ...args], {
    cwd: folder,
    env: cleanEnvironment(),
  });
  return { status, stdout, stderr };
}

/** A file with ten runs around a median of `ms`. */
function saveRuns(file: string, ms: number): void {
  const runs = Array.from({ length: 10 }, (_, i): RunStats => {
    const medianNs = ms * 1e6 * (1 + i / 1000);
    return { calls: 10, totalNs: 10 * medianNs, medianNs, minNs: medianNs, maxNs: medianNs, stdevNs: 0 };
  });
  const f = makeFunction({ medianNs: ms * 1e6, runs });
  writeFileSync(join(folder, file), toJson(makeReport([f], { run: makeRun({ runs: 10 }) })));
}

saveRuns('old.json', 3);
saveRuns('new.json', 2);
writeFileSync(join(folder, 'compared.json'), toJson(makeComparison()));
writeFileSync(
  join(folder, 'python.json'),
  '{"version": 1, "label": null, "functions": [{"name": "lib:maths", "calls": 2, "total_ns": 610622917, "min_ns": 304285875, "max_ns": 306337042, "median_ns": 305311458.5, "stdev_ns": 1450393.5}]}',
);

test('prints a saved report again, with the deltas that it was saved with', () => {
  const { status, stdout, stderr } = report('compared.json');
  assert.equal(status, 0);
  assert.equal(stdout, '');
  assert.match(stderr, /example\.js:after\(\) .* -62\.3% \[-62\.9, -61\.8\] faster\n$/);
});

test('files are added up as runs, and exported with the same options', () => {
  const { status, stdout, stderr } = report(
    'old.json',
    'new.json',
    '--json',
    'all.json',
    '--html=all.html',
    '--markdown',
    '-',
    '--label',
    'both',
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^### 🎯 ttprof results @ both\n/);
  assert.match(stderr, /^🎯 ttprof results @ both:/);
  const all = JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'));
  assert.equal(all.run.runs, 20);
  assert.equal(all.functions[0].runs.length, 20);
  assert.equal(all.functions[0].calls, 200);
  assert.match(readFileSync(join(folder, 'all.html'), 'utf8'), /<\/html>\s*$/);
});

test('compares with a baseline, and fails the gate where it is slower', () => {
  const faster = report('new.json', '--baseline', 'old.json', '--fail-if-slower', '5');
  assert.equal(faster.status, 0, faster.stderr);
  assert.match(faster.stderr, /maths\(\) .* -33\.\d% \[-\d+\.\d, -\d+\.\d\] faster/);
  const slower = report('--baseline', 'new.json', '--fail-if-slower', '5', 'old.json');
  assert.equal(slower.status, 3);
  assert.match(slower.stderr, /\+50\.\d% .* slower/);
  assert.match(slower.stderr, /ttprof: slower by more than 5 %: src\/lib\.js:maths/);
});

test('gates on the deltas that a saved run holds, and says where there are none', () => {
  report('--baseline', 'new.json', '--json', 'compared.json', 'old.json');
  const saved = report('compared.json', '--fail-if-slower', '5');
  assert.equal(saved.status, 3, saved.stderr);
  assert.match(saved.stderr, /slower by more than 5 %: src\/lib\.js:maths/);
  assert.equal(report('compared.json', '--fail-if-slower', '90').status, 0);
  const plain = report('old.json', '--fail-if-slower', '5');
  assert.equal(plain.status, 2);
  assert.match(plain.stderr, /^ttprof: --fail-if-slower 5 needs something to compare with/);
});

test("compares with a file of Python's tprof by the function's name", () => {
  const { status, stderr } = report('new.json', '--baseline', 'python.json');
  assert.equal(status, 0, stderr);
  assert.match(stderr, /src\/lib\.js:maths\(\) .* -99\.3%/);
  assert.match(report('python.json').stderr, /lib:maths\(\) +2 611ms +305ms ± 1\.45ms 304ms … 306ms\n$/);
});

test('what cannot be used gives one line and exit code 2', () => {
  mkdirSync(join(folder, 'folder.json'));
  writeFileSync(join(folder, 'empty.json'), '');
  writeFileSync(join(folder, 'future.json'), '{"version": 99}');
  const damaged = readFileSync(join(folder, 'new.json'), 'utf8').slice(0, 500);
  writeFileSync(join(folder, 'damaged.json'), damaged);
  const expected: [args: string[], message: RegExp][] = [
    [[], /nothing to report: name files/],
    [['gone.json'], /gone\.json: no such file/],
    [['folder.json'], /folder\.json: is a folder/],
    [['empty.json'], /empty\.json: the file is empty/],
    [['future.json'], /future\.json: version 99 .* update ttprof/],
    [['damaged.json'], /damaged\.json: .*not JSON/],
    [['new.json', '--baseline', 'damaged.json'], /^ttprof: --baseline damaged\.json: .*not JSON/],
    [['new.json', '--baseline', '.'], /^ttprof: --baseline \.: is a folder/],
    [['new.json', '-x', '--baseline', 'old.json'], /-x.*--baseline|--baseline.*-x/],
    [['new.json', '--sort', 'age'], /--sort: expected one of function, calls.*, got "age"/],
  ];
  for (const [args, message] of expected) {
    const { status, stdout, stderr } = report(...args);
    assert.equal(status, 2, `${args}: ${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});

test('an export that fails is told by the exit code', () => {
  const { status, stderr } = report('new.json', '--quiet', '--json', 'missing/x.json');
  assert.equal(status, 1);
  assert.equal(stderr, 'ttprof: cannot write --json missing/x.json: its folder does not exist\n');
});
