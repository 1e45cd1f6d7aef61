import { heap, thread } from './arena.js';
import { nowNs } from './clock.js';
import type { ModuleProbe } from './contract.js';
import { INNER, LOST, OUTER } from './layout.js';

/** What measuring a call costs, in ns. */
export interface CallCost {
  /** What it adds to the call's own duration. */
  readonly innerNs: number;
  /** What it adds to the time of whatever encloses the call, `innerNs` included. */
  readonly outerNs: number;
}

/** Calls a batch, and for how long to repeat batches: enough for V8 to optimise both functions. */
const BATCH_CALLS = 250;
const BUDGET_NS = 3e6;
const LEAST_BATCHES = 8;

/** A function as rewritten code has it, and the same without us. */
type Shape = (i: number) => number;

const MEASURED_TEXT =
  'return function measured(i){const h=p,t=h?h.enter(0):0;let v=h;try{' +
  'return v=(0,i)' +
  ';v=void 0}finally{if(h)h.exit(0,t,v)}}';
const PLAIN_TEXT = 'return function plain(i){return i}';
const LOOP_TEXT = 'return function loop(f,n){let s=0;for(let i=0;i<n;i++)s+=f(i);return s}';

/** Compiled from text where that is allowed, so that each calibration has type feedback of its own. */
function compileShapes(probe: ModuleProbe): { measured: Shape; plain: Shape; loops: Loop[] } {
  try {
    return {
      measured: new Function('p', MEASURED_TEXT)(probe),
      plain: new Function(PLAIN_TEXT)(),
      loops: [new Function(LOOP_TEXT)(), new Function(LOOP_TEXT)()],
    };
  } catch {
    // --disallow-code-generation-from-strings
    return { measured: measuredShape(probe), plain: (i) => i, loops: [loopMeasured, loopPlain] };
  }
}

type Loop = (f: Shape, n: number) => number;

function measuredShape(probe: ModuleProbe): Shape {
  return (i) => {
    const h = probe;
    const t = h ? h.enter(0) : 0;
    let v: unknown = h;
    try {
      v = i;
      return i;
    } finally {
      if (h) h.exit(0, t, v);
    }
  };
}

function loopMeasured(f: Shape, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += f(i);
  return sum;
}

function loopPlain(f: Shape, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += f(i);
  return sum;
}

/**
 * Measures what measuring costs, with the very probe that will measure, on a site that nobody reports.
 * Runs a few ms, which the measured calls that may be running are not charged for.
 * @param totalNs reads the total of durations recorded for that site so far, uncorrected while this runs
 */
export function calibrate(probe: ModuleProbe, totalNs: () => number): CallCost {
  const { measured, plain, loops } = compileShapes(probe);
  const [loopA, loopB] = loops as [Loop, Loop];
  const lostNs = heap[thread + LOST]!;
  const inner = heap[thread + INNER]!;
  const outer = heap[thread + OUTER]!;
  heap[thread + INNER] = 0;
  heap[thread + OUTER] = 0;
  const inners: number[] = [];
  const outers: number[] = [];
  const beganNs = nowNs();
  for (let batch = 0; batch < LEAST_BATCHES || nowNs() - beganNs < BUDGET_NS; batch++) {
    const totalBefore = totalNs();
    const startNs = nowNs();
    loopA(measured, BATCH_CALLS);
    const middleNs = nowNs();
    loopB(plain, BATCH_CALLS);
    const endNs = nowNs();
    inners.push((totalNs() - totalBefore) / BATCH_CALLS);
    outers.push((middleNs - startNs - (endNs - middleNs)) / BATCH_CALLS);
  }
  heap[thread + INNER] = inner;
  heap[thread + OUTER] = outer;
  heap[thread + LOST] = lostNs + (nowNs() - beganNs);
  const innerNs = Math.max(0, lowQuartile(inners));
  return { innerNs, outerNs: Math.max(innerNs, lowQuartile(outers)) };
}

/** Batches that ran before optimisation, or were interrupted, lie above it. */
function lowQuartile(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 4)] ?? 0;
}
