import { inspect } from 'node:util';
import { promiseHooks } from 'node:v8';
import type { CallProbe, ModuleProbe } from '../runtime/contract.js';
import { countLateError } from '../runtime/period.js';

/**
 * When does the promise of an async function settle that cannot be rewritten? A `.then` would mark its rejection as
 * handled or cost a turn of the microtask queue; V8's promise hook sees it settle and changes nothing. The hook adds
 * some 80 ns to each promise of the program, so it is there only while a stand-in of an async function is.
 */
interface Watch {
  readonly call: CallProbe;
  readonly probe: ModuleProbe;
  readonly site: number;
  /** Of async generators: the step has settled; does the body go on? */
  readonly onStep: ((finished: boolean) => void) | null;
}

const watches = new WeakMap<object, Watch>();
/** Settled, and not yet asked how: the state is set only after the hook. */
let settled: { promise: object; watch: Watch }[] = [];
/** An async function that never waits has settled its promise, as the last thing it did, before it returns it. */
let lastSettled: object | null = null;
let users = 0;
// As `inspect` shows promises; async_hooks adds symbols of its own behind the value.
const REJECTED = /^Promise \{\s*<rejected>/;
const LAST_STEP = /^Promise \{\s*\{\s*value: [\s\S]*?,\s*done: true\s*\}/;
let stopHook: (() => void) | null = null;

/** Turns the hook on until {@link releaseSettlements} has been called as often. */
export function acquireSettlements(): void {
  users++;
  stopHook ??= promiseHooks.onSettled(noteSettlement) as () => void;
}

export function releaseSettlements(): void {
  users--;
  if (users > 0 || stopHook === null) return;
  stopHook();
  stopHook = null;
  lastSettled = null;
}

/**
 * Ends `call` when `promise` settles.
 * @param onStep where the promise is that of a step of an async generator, and does not end the call by itself
 */
export function awaitSettlement(
  promise: object,
  call: CallProbe,
  probe: ModuleProbe,
  site: number,
  onStep: Watch['onStep'] = null,
): void {
  const watch = { call, probe, site, onStep };
  if (promise === lastSettled) finish(promise, watch);
  else watches.set(promise, watch);
}

/** Asks how the promises ended that settled in this turn: call before errors are read. */
export function drainSettlements(): void {
  const ended = settled;
  settled = [];
  for (const { promise, watch } of ended) {
    const state = describeState(promise);
    const isRejected = REJECTED.test(state);
    if (isRejected) countLateError(watch.probe, watch.site);
    watch.onStep?.(isRejected || LAST_STEP.test(state));
  }
}

function noteSettlement(promise: object): void {
  lastSettled = promise;
  const watch = watches.get(promise);
  if (watch === undefined) return;
  watches.delete(promise);
  finish(promise, watch);
}

function finish(promise: object, watch: Watch): void {
  // The value is not known yet, and nothing is made of it.
  if (watch.onStep === null) watch.call.end(undefined);
  if (settled.length === 0) queueMicrotask(drainSettlements);
  settled.push({ promise, watch });
}

/** The only way to see a promise's state without touching it; two levels show an iterator result's `done`. */
function describeState(promise: object): string {
  return inspect(promise, {
    depth: 1,
    maxStringLength: 0,
    maxArrayLength: 0,
    customInspect: false,
    breakLength: 1e9,
  });
}
