// Calls functions of one kind, one for each length, and prints how long they take as measured without ttprof, in turns
// with the calls. Run by accuracy.mjs with ttprof's preload: `MEASURED_MODULE PLAIN_MODULE NS…`, the last one the parent's.
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { typical } from './typical.mjs';

const [measuredFile, plainFile, ...lengths] = process.argv.slice(2);
const measured = await import(pathToFileURL(measuredFile));
const plain = await import(pathToFileURL(plainFile));
const now = performance.now.bind(performance);
const NS_PER_MS = 1e6;
/** Calls are timed in batches of so long, each with its two readings. */
const BATCH_NS = 1e5;
/** So long each function is called in either way, and at least so often. */
const SPENT_NS = 6e7;
const MIN_BATCHES = 80;
/** Steps and batches after which V8 has optimised a function. */
const WARMUP_STEPS = 10;
const WARMUP_BATCHES = 400;
const PARENT_CALLS = 20_000;
const PARENT_TURNS = 100;

const timeOf = (run) => {
  const start = now();
  run();
  return (now() - start) * NS_PER_MS;
};

/** A loop that V8 sees one callee in. */
const createLoop = (name) =>
  new Function(
    `return function ${name}(f, calls, steps) {
      let sum = 0;
      for (let i = 0; i < calls; i++) sum = (sum + f(steps, i)) | 0;
      return sum;
    }`,
  )();

/** Ns per call. Never optimised: V8 would put the loop and the function into it, and both come out otherwise then. */
function timeBatch(loop, f, calls, steps) {
  return timeOf(() => loop(f, calls, steps)) / calls;
}
new Function('f', '%NeverOptimizeFunction(f)')(timeBatch);

function measureWork(index, ns) {
  const work = measured[`work${index}`];
  const same = plain[`work${index}`];
  const loopWork = createLoop(`measured${index}`);
  const loopSame = createLoop(`plain${index}`);
  for (let i = 0; i < WARMUP_BATCHES; i++) {
    timeBatch(loopSame, same, 100, WARMUP_STEPS);
    timeBatch(loopWork, work, 100, WARMUP_STEPS);
  }
  const calls = Math.max(1, Math.round(BATCH_NS / ns));
  let steps = WARMUP_STEPS;
  for (let i = 0; i < 6; i++) {
    const least = Math.min(...Array.from({ length: 5 }, () => timeBatch(loopSame, same, calls, steps)));
    steps = Math.max(1, Math.round((steps * ns) / least));
  }
  const truths = [];
  for (let i = Math.max(MIN_BATCHES, SPENT_NS / (ns * calls)); i > 0; i--) {
    truths.push(timeBatch(loopSame, same, calls, steps));
    timeBatch(loopWork, work, calls, steps);
  }
  return { steps, calls: calls * truths.length, truthNs: typical(truths, ns) };
}

const works = lengths.map((ns, index) => measureWork(index, Number(ns)));
const { steps } = works.at(-1);
const truths = [];
for (let turn = 0; turn < PARENT_TURNS; turn++) {
  truths.push(timeOf(() => plain.parent(PARENT_CALLS, steps)));
  measured.parent(PARENT_CALLS, steps);
}
console.log(JSON.stringify({ works, parent: { turns: PARENT_TURNS, truthNs: typical(truths, 1e7) } }));
