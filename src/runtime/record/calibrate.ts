import * as math from '../captured-math.js';
import { nowNs } from '../clock/clock.js';
import type { ModuleProbe, SiteAddress } from '../contract.js';
import { heap, thread } from '../memory/arena.js';
import {
  CPU_INNER,
  CPU_READING,
  INNER,
  KEEPING,
  LOST,
  OUTER,
  OUTER_OF_TIMED,
  SPENT,
  TOTAL,
  UNTIL_KEPT,
} from '../memory/layout.js';
import { createShapes, createShapesWithoutText, type Shapes } from './calibration-shapes.js';
import { keepSample } from './keep-sample.js';
import { rehearse } from './rehearse.js';

/** What measuring a call costs, in ns. */
export interface CallCost {
  /** What it adds to the call's own duration. */
  readonly innerNs: number;
  /** What it adds to the time of whatever encloses the call, `innerNs` included. */
  readonly outerNs: number;
}

/** A probe and the record of its first function, which nobody reports. */
export interface Subject {
  readonly probe: ModuleProbe;
  /** Address of the record. */
  readonly site: SiteAddress;
}

export interface CalibratorOptions {
  /** Times every call. */
  readonly timed: Subject;
  /** Under `--sample`: times none, only counts. */
  readonly counted: Subject | null;
  /** One call in so many is timed. */
  readonly sample: number;
  /** Under `--cpu`: measures what reading that costs. */
  readonly measureCpuReadings?: (() => { readonly innerNs: number; readonly wallNs: number }) | null;
  /** Only report the cost, do not correct for it. */
  readonly raw: boolean;
}

export interface Calibrator {
  /** Measures about so many calls, and corrects by the result from now on. Measured calls are not charged for it. */
  calibrate(calls: number): void;
  readonly cost: CallCost;
}

const BATCH_CALLS = 25;
/**
 * How many steps of 1.5 ns the bodies of the calibrated functions have.
 *
 * A processor begins a call while it still works on the one before. Reading the clock ends that, so measuring costs the
 * time of the reading and the time of what would have overlapped. How much overlaps differs by function: what measuring
 * adds to a call's own duration is 15 to 50 ns. The middle of the functions that bench/accuracy.mjs measures lies between
 * what it adds to an empty body, where no call waits for the result of the one before (23 to 34 ns), and to one of 60 ns
 * whose steps wait for each other (up to 5 ns more on some lines and processors, none on others): the mean of both counts.
 * What encloses a call loses up to 10 ns more where the call is long enough to fill what the processor looks ahead, as
 * the body of 60 ns is: there the larger one counts.
 */
const STEPS_OF_EMPTY = 0;
const STEPS_OF_WORK = 40;
/**
 * How many times as much as an empty body the one of 60 ns may cost at the most. More comes of a slice in which V8 has
 * optimised only one of the two functions that are compared.
 */
const MAX_SHARE_OF_EMPTY = 1.25;
/** The share of batches that is taken to have run undisturbed. */
const QUIET_SHARE = 1 / 4;
const MIN_BATCHES = 4;
/** So many batches of samples are kept to find out what that takes. */
const KEEPING_BATCHES = 8;
/** The smallest of so many last results counts: correcting too much is worse than too little. */
const HISTORY = 3;
/** A slice ends after this time, even if not all of its calls have been made. */
const MAX_SLICE_NS = 2e6;

/**
 * Measures what measuring costs, with the probe that measures and functions of the shape that rewritten code has.
 * That is done in small slices as measured calls come, so that these functions pass through V8's tiers along with the
 * program's: at first both are interpreted, and a call costs ten times what it does once both are optimised.
 */
export function createCalibrator({
  timed,
  counted,
  sample,
  measureCpuReadings = null,
  raw,
}: CalibratorOptions): Calibrator {
  let shapesOfEmpty: Shapes | null = null;
  let shapesOfWork: Shapes | null = null;
  let shapesOfCounted: Shapes | null = null;
  const inners: number[] = [];
  const outers: number[] = [];
  const outersOfTimed: number[] = [];
  const keepings: number[] = [];
  const cpuInners: number[] = [];
  const cpuReadings: number[] = [];
  let cost: CallCost = { innerNs: 0, outerNs: 0 };
  // Keeping samples is measured apart: few of most functions' calls are kept in the end, but all of the first.
  heap[timed.site + UNTIL_KEPT] = Number.POSITIVE_INFINITY;

  return {
    get cost() {
      return cost;
    },
    calibrate(calls) {
      const beganNs = nowNs();
      const before = {
        lostNs: heap[thread + LOST]!,
        spentNs: heap[thread + SPENT]!,
        innerNs: heap[thread + INNER]!,
        outerNs: heap[thread + OUTER]!,
      };
      heap[thread + INNER] = 0;
      heap[thread + OUTER] = 0;
      rehearse(timed.probe);
      const keepingNs = measureKeeping(timed.site);
      // The first slice delays the program's start: it makes do with an empty body, and with what need not be compiled.
      const isFirst = inners.length === 0;
      const shapes = isFirst
        ? createShapesWithoutText(timed.probe, STEPS_OF_EMPTY)
        : (shapesOfEmpty ??= createShapes(timed.probe, STEPS_OF_EMPTY));
      let { innerNs, outerNs: perTimed } = measure(shapes, timed.site, calls);
      if (!isFirst) {
        shapesOfWork ??= createShapes(timed.probe, STEPS_OF_WORK);
        const work = measure(shapesOfWork, timed.site, calls);
        innerNs = (innerNs + math.min(work.innerNs, innerNs * MAX_SHARE_OF_EMPTY)) / 2;
        perTimed = math.max(perTimed, math.min(work.outerNs, perTimed * MAX_SHARE_OF_EMPTY));
      }
      const ofTimed = leastOfLast(outersOfTimed, perTimed);
      if (counted !== null) {
        // A timed call stands for those that were only counted, and so does its cost for theirs.
        shapesOfCounted ??= createShapes(counted.probe, STEPS_OF_EMPTY);
        perTimed += (sample - 1) * math.max(0, measure(shapesOfCounted, counted.site, calls).outerNs);
      }
      const inner = leastOfLast(inners, innerNs);
      cost = { innerNs: inner, outerNs: math.max(inner, leastOfLast(outers, perTimed)) };
      heap[thread + INNER] = raw ? before.innerNs : cost.innerNs;
      heap[thread + OUTER] = raw ? before.outerNs : cost.outerNs;
      heap[thread + KEEPING] = raw ? 0 : leastOfLast(keepings, keepingNs);
      heap[thread + OUTER_OF_TIMED] = raw ? 0 : math.max(inner, ofTimed);
      if (measureCpuReadings !== null) {
        const { innerNs, wallNs } = measureCpuReadings();
        heap[thread + CPU_INNER] = raw ? 0 : leastOfLast(cpuInners, innerNs);
        heap[thread + CPU_READING] = raw ? 0 : leastOfLast(cpuReadings, wallNs);
      }
      heap[thread + SPENT] = before.spentNs;
      heap[thread + LOST] = before.lostNs + (nowNs() - beganNs);
    },
  };
}

function measure(shapes: Shapes, site: SiteAddress, calls: number): CallCost {
  const { measured, plain, loopMeasured, loopPlain } = shapes;
  const inners: number[] = [];
  const outers: number[] = [];
  const beganNs = nowNs();
  let batches = 0;
  while (batches < MIN_BATCHES || (batches * BATCH_CALLS < calls && nowNs() - beganNs < MAX_SLICE_NS)) {
    const totalBeforeNs = heap[site + TOTAL]!;
    const startNs = nowNs();
    loopMeasured(measured, BATCH_CALLS);
    const middleNs = nowNs();
    loopPlain(plain, BATCH_CALLS);
    const endNs = nowNs();
    const readingNs = nowNs() - endNs;
    batches++;
    const plainNs = endNs - middleNs - readingNs;
    inners.push((heap[site + TOTAL]! - totalBeforeNs - plainNs) / BATCH_CALLS);
    outers.push((middleNs - startNs - (endNs - middleNs)) / BATCH_CALLS);
  }
  return { innerNs: quiet(inners), outerNs: quiet(outers) };
}

/** @returns ns a sample */
function measureKeeping(site: SiteAddress): number {
  const batches: number[] = [];
  for (let batch = 0; batch < KEEPING_BATCHES; batch++) {
    const startNs = nowNs();
    for (let sample = 0; sample < BATCH_CALLS; sample++) keepSample(site, 0, sample);
    const endNs = nowNs();
    const readingNs = nowNs() - endNs;
    batches.push((endNs - startNs - readingNs) / BATCH_CALLS);
  }
  return quiet(batches);
}

function leastOfLast(history: number[], value: number): number {
  history.push(value);
  if (history.length > HISTORY) history.shift();
  return math.max(0, math.min(...history));
}

function quiet(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[math.floor(values.length * QUIET_SHARE)]!;
}
