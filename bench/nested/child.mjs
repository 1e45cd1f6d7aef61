// Calls the outer function of two copies of one module in turns, of which one is measured, and prints how long the other
// one's calls take. Run by nested.mjs with ttprof's preload: `MEASURED_MODULE PLAIN_MODULE TURNS`.
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { median } from '../medians.mjs';

const [measuredFile, plainFile, turns] = process.argv.slice(2);
const measured = await import(pathToFileURL(measuredFile));
const plain = await import(pathToFileURL(plainFile));
const now = performance.now.bind(performance);
const CALLS = 200;
const NS_PER_MS = 1e6;

/** A loop that V8 sees one callee in. */
const createLoop = (name) =>
  new Function(
    `return function ${name}(f, x, calls) { let sum = 0; for (let i = 0; i < calls; i++) sum += f(x); return sum; }`,
  )();
const loopMeasured = createLoop('measured');
const loopPlain = createLoop('plain');

const truths = [];
for (let turn = 0; turn < turns; turn++) {
  const start = now();
  loopPlain(plain.outer, plain.argument, CALLS);
  truths.push(((now() - start) * NS_PER_MS) / CALLS);
  loopMeasured(measured.outer, measured.argument, CALLS);
}
// by the end V8 has optimised all that it will
console.log(JSON.stringify({ calls: CALLS, truthNs: median(truths.slice(-truths.length / 2)) }));
