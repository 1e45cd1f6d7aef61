import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runRecorder } from './run-recorder.js';

const dist = (name: string): URL => new URL(`../../../dist/runtime/${name}.js`, import.meta.url);

test('the layout’s constants are numbers in the compiled recorder: names would keep V8 from inlining it', () => {
  for (const name of [
    'record/recorder',
    'record/sample',
    'record/keep-sample',
    'modes/sampled',
    'memory/series',
  ]) {
    const code = readFileSync(dist(name), 'utf8');
    assert.doesNotMatch(code, /layout\.js/);
    assert.doesNotMatch(code, /\b(?:FRAME_DOUBLES|OUTERMOST|UNTIL_KEPT)\b/);
  }
});

test('a measured sync call allocates nothing once V8 has optimised it', () => {
  const program = `
    const probe = load(1);
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
  const bytes = Number(runRecorder(program, ['--max-semi-space-size=64']));
  // A number on the heap per call would be 1.6 MB.
  assert.ok(bytes < 100_000, `${bytes} bytes in 100,000 calls`);
});

test('what calls do rarely does not throw away what V8 has compiled of the recorder', () => {
  const program = `
    const probe = load(2);
    const call = (index, body, result) => {
      const token = probe.enter(index);
      try { body() } finally { probe.exit(index, token, result) }
    };
    const nothing = () => {};
    for (let i = 0; i < 40; i++) {
      for (let k = 0; k < 10000; k++) call(0, nothing);
      await new Promise(setImmediate);
    }
    console.log('compiled');
    call(1, () => call(0, nothing));
    call(0, () => call(0, nothing));
    call(0, nothing, {});
    const left = probe.enter(0);
    probe.enter(1);
    probe.exit(0, left);
    for (let k = 0; k < 1000; k++) call(0, nothing);`;
  const lines = runRecorder(program, ['--trace-deopt']).split('\n');
  const compiled = lines.indexOf('compiled');
  assert.ok(compiled >= 0);
  const thrownAway = lines
    .slice(compiled)
    .filter((line) => /<JSFunction (enter|exit|addSample|keepSample) /.test(line));
  assert.deepEqual(thrownAway, []);
});

test('memory stays the same from a hundred thousand to three million calls, and for five thousand functions', () => {
  const program = `
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
  const [grownMb, functionsMb, fewestSamples] = JSON.parse(runRecorder(program, ['--expose-gc']));
  assert.ok(grownMb < 10, `${grownMb} MB`);
  assert.ok(functionsMb < 150, `${functionsMb} MB`);
  assert.ok(fewestSamples >= 64, `${fewestSamples}`);
});
