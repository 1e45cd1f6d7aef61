// Calls functions of one kind, one for each length, and prints how long they take as measured without ttprof, in turns
// with the calls. That is measured of two copies, which V8 does not compile equally well. Run by accuracy.mjs with
// ttprof's preload: `MEASURED_MODULE PLAIN_MODULE PLAIN_MODULE NS…`; what parents call takes the steps of the last one.
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { typical } from './typical.mjs';

const [measuredFile, plainFile, otherFile, ...lengths] = process.argv.slice(2);
const measured = await import(pathToFileURL(measuredFile));
const copies = await Promise.all([plainFile, otherFile].map((file) => import(pathToFileURL(file))));
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
/** Calls in a parent, parents, the first that counts, and about what one takes. */
const LATE = { name: 'parent', calls: 20_000, turns: 100, from: 0, ns: 6e6 };
/** Within the first calls of what they call, of which each is kept; but for the very first, before V8 has compiled it. */
const EARLY = { name: 'earlyParent', calls: 100, turns: 80, from: 20, ns: 3e4 };

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

/** @param turns in each the times of all copies */
function typicalAt(turns, at, ns) {
  const times = turns.map((turn) => turn[at]);
  return typical(times, ns);
}

function measureWork(index, ns) {
  const name = `work${index}`;
  const works = [measured, ...copies].map((module, at) => ({
    work: module[name],
    loop: createLoop(`loop${at}of${index}`),
  }));
  const [, plain] = works;
  const time = ({ work, loop }, calls, steps) => timeBatch(loop, work, calls, steps);
  for (let i = 0; i < WARMUP_BATCHES; i++) for (const each of works) time(each, 100, WARMUP_STEPS);
  const calls = Math.max(1, Math.round(BATCH_NS / ns));
  let steps = WARMUP_STEPS;
  for (let i = 0; i < 6; i++) {
    const least = Math.min(...Array.from({ length: 5 }, () => time(plain, calls, steps)));
    steps = Math.max(1, Math.round((steps * ns) / least));
  }
  const turns = [];
  for (let i = Math.max(MIN_BATCHES, SPENT_NS / (ns * calls)); i > 0; i--)
    turns.push(works.map((each) => time(each, calls, steps)));
  return { steps, calls: calls * turns.length, truthsNs: [1, 2].map((at) => typicalAt(turns, at, ns)) };
}

function measureParent({ name, calls, turns, from, ns }) {
  const times = [];
  for (let turn = 0; turn < turns; turn++) {
    times.push(copies.map((copy) => timeOf(() => copy[name](calls, steps))));
    measured[name](calls, steps);
  }
  const counted = times.slice(from);
  return { name, turns: counted.length, truthsNs: [0, 1].map((at) => typicalAt(counted, at, ns)) };
}

const works = lengths.map((ns, index) => measureWork(index, Number(ns)));
const { steps } = works.at(-1);
// first: until here no measured function has called another
const early = measureParent(EARLY);
console.log(JSON.stringify({ works, parents: [measureParent(LATE), early] }));
