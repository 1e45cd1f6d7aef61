// Calls functions of a known duration, and prints that duration as measured without ttprof, in turns with the calls.
// Run by accuracy.mjs with ttprof's preload: `work SCALE_NS CALLS` or `parent STEPS CALLS`.
import { performance } from 'node:perf_hooks';
import { median } from '../medians.mjs';
import { parent, plainParent, plainWork, work } from './functions.mjs';

const [what, first, second] = process.argv.slice(2);
const now = performance.now.bind(performance);
const NS = 1e6;
/** The machine's speed drifts: the million calls are made in so many turns. */
const TURNS = 50;

let last = 0;

/** Ns per call of `plainWork(steps)`, over at least a millisecond of calls. */
function truth(steps, ns) {
  const calls = Math.max(1, Math.round(1e6 / ns));
  const start = now();
  for (let i = 0; i < calls; i++) last = plainWork(steps, last);
  return ((now() - start) * NS) / calls;
}

if (what === 'work') {
  const [ns, calls] = [Number(first), Number(second)];
  let steps = Math.max(1, Math.round(ns / 2));
  // Both are optimised before any of it counts.
  for (let i = 0; i < 200; i++) truth(100, 200);
  for (let i = 0; i < Number(process.env.TTPROF_WARMUP); i++) last = work(100, last);
  for (let i = 0; i < 5; i++) {
    const least = Math.min(...Array.from({ length: 5 }, () => truth(steps, ns)));
    steps = Math.max(1, Math.round((steps * ns) / least));
  }
  const truths = [];
  const perRound = Math.max(1, Math.min(2000, Math.round(1e6 / ns)));
  for (let made = 0; made < calls; made += perRound) {
    truths.push(truth(steps, ns));
    for (let i = 0; i < perRound; i++) last = work(steps, last);
  }
  console.log(JSON.stringify({ truthNs: median(truths) }));
} else {
  const [steps, calls] = [Number(first), Number(second)];
  const time = (run) => {
    const start = now();
    run();
    return (now() - start) * NS;
  };
  // Both are optimised before any of it counts: what happens before is in both totals all the same.
  for (let i = 0; i < 20; i++) {
    plainParent(5000, steps);
    parent(5000, steps);
  }
  const plain = [];
  for (let turn = 0; turn < TURNS; turn++) {
    plain.push(time(() => plainParent(calls / TURNS, steps)));
    parent(calls / TURNS, steps);
  }
  console.log(JSON.stringify({ truthNs: median(plain) }));
}
