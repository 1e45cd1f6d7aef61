import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runToEnd } from '../../run-to-end.js';

const dist = (name: string): URL => new URL(`../../../dist/runtime/${name}.js`, import.meta.url);

test('the layout’s constants are numbers in the compiled recorder: names would keep V8 from inlining it', () => {
  for (const name of ['record/recorder', 'record/sample', 'modes/sampled', 'memory/series']) {
    const code = readFileSync(dist(name), 'utf8');
    assert.doesNotMatch(code, /layout\.js/);
    assert.doesNotMatch(code, /\b(?:FRAME_DOUBLES|OUTERMOST|UNTIL_KEPT)\b/);
  }
});

test('a measured sync call allocates nothing once V8 has optimised it', () => {
  const program = `
    const { startRuntime } = await import(${JSON.stringify(dist('runtime').href)});
    const runtime = startRuntime(
      { raw: false, sample: 1, cpu: false, settle: false, warmup: 0 });
    const probe = runtime.handle.load(JSON.stringify(
      { file: '/f.js', sites: [{ name: 'f', line: 1, column: 1, kind: 'sync', targets: [] }] }));
    function f(x) {
      const token = probe.enter(0);
      let value = probe;
      try { return value = x + 1 } finally { probe.exit(0, token, value) }
    }
    const run = (calls) => { let sum = 0; for (let i = 0; i < calls; i++) sum = f(sum) & 1023; return sum };
    // until calibration and the series have settled and the optimised code is in place
    for (let i = 0; i < 40; i++) { run(25000); await new Promise(setImmediate) }
    let least = Infinity;
    for (let i = 0; i < 10; i++) {
      const before = process.memoryUsage().heapUsed;
      run(100000);
      least = Math.min(least, process.memoryUsage().heapUsed - before);
    }
    console.log(least);`;
  const { stdout, stderr } = runToEnd(process.execPath, [
    '--max-semi-space-size=64',
    '--input-type=module',
    '-e',
    program,
  ]);
  assert.equal(stderr, '');
  // A number on the heap per call would be 1.6 MB.
  assert.ok(Number(stdout) < 100_000, `${stdout} bytes in 100,000 calls`);
});

test('memory stays the same from a hundred thousand to three million calls, and for five thousand functions', () => {
  const program = `
    const { startRuntime } = await import(${JSON.stringify(dist('runtime').href)});
    const runtime = startRuntime(
      { raw: false, sample: 1, cpu: false, settle: false, warmup: 0 });
    const load = (count) => runtime.handle.load(JSON.stringify({ file: '/f.js', sites: Array.from(
      { length: count }, (_, i) => ({ name: 'f' + i, line: 1, column: 1, kind: 'sync', targets: ['f'] })) }));
    const rss = () => { gc(); return process.memoryUsage.rss() / 2 ** 20 };
    const probe = load(1);
    const run = (calls) => { for (let i = 0; i < calls; i++) probe.exit(0, probe.enter(0), i) };
    run(1e5); const first = rss(); run(29e5); const second = rss();
    const many = load(5000);
    for (let call = 0; call < 300; call++)
      for (let i = 0; i < 5000; i++) many.exit(i, many.enter(i), i);
    const third = rss();
    const lengths = runtime.readThread().functions.map(({ series }) => series.durationNs.length);
    console.log(JSON.stringify([second - first, third - second, Math.min(...lengths)]));`;
  const { stdout, stderr } = runToEnd(process.execPath, [
    '--expose-gc',
    '--input-type=module',
    '-e',
    program,
  ]);
  assert.equal(stderr, '');
  const [grownMb, functionsMb, fewestSamples] = JSON.parse(stdout);
  assert.ok(grownMb < 10, `${grownMb} MB`);
  assert.ok(functionsMb < 150, `${functionsMb} MB`);
  assert.ok(fewestSamples >= 64, `${fewestSamples}`);
});
