// Times the variants of one kind of function in turns and prints ns per call of each round as JSON.
// Run by per-call.mjs, with ttprof's preload.
import { createHistogram, performance } from 'node:perf_hooks';
import * as measured from './functions.mjs';
import { measuredElsewhere } from './others.mjs';
import * as plain from './plain.mjs';
import { loadTraced } from './traced.mjs';

const [kind, rounds] = [process.argv[2], Number(process.argv[3])];
const WARM_UP_ROUNDS = 15;
const DEPTH = 10;
const now = performance.now.bind(performance);

/** What one writes by hand: every duration into an array, for a median later. */
function wrapByHand(fn) {
  const durations = [];
  return function wrapped(...args) {
    const start = process.hrtime.bigint();
    try {
      return fn.apply(this, args);
    } finally {
      durations.push(Number(process.hrtime.bigint() - start));
      if (durations.length === 1e5) durations.length = 0;
    }
  };
}

function wrapAsyncByHand(fn) {
  const durations = [];
  return async function wrapped(...args) {
    const start = process.hrtime.bigint();
    try {
      return await fn.apply(this, args);
    } finally {
      durations.push(Number(process.hrtime.bigint() - start));
      if (durations.length === 1e5) durations.length = 0;
    }
  };
}

const timerify = (fn) => performance.timerify(fn, { histogram: createHistogram() });

/** Of eight lengths. */
const TEXTS = Array.from({ length: 8 }, (_, i) => 'measured'.slice(i));
/** So many calls of a text are made by one of what encloses them. */
const CALLS_WITHIN = 100;

const traced = await loadTraced(kind);
/** Its name in the table. */
const TRACED = '@apm-js-collab/code-transformer, subscribed';

// A recursive function calls itself through the binding that a wrapper replaces.
function recursiveThrough(wrap) {
  let self = (depth) => (depth === 0 ? 1 : self(depth - 1) + 1);
  self = wrap(self);
  return self;
}

const VARIANTS = {
  sync: {
    plain: plain.plainSync,
    'same module': measured.neighbour,
    bare: plain.bareSync,
    ttprof: measured.measuredSync,
    'by hand': wrapByHand((i) => plain.plainSync(i)),
    timerify: timerify((i) => plain.plainSync(i)),
    [TRACED]: traced,
  },
  recursive: {
    plain: plain.plainRecursive,
    bare: plain.bareRecursive,
    ttprof: measured.measuredRecursive,
    'by hand': recursiveThrough(wrapByHand),
    timerify: recursiveThrough(timerify),
    [TRACED]: traced,
  },
  async: {
    plain: plain.plainAsync,
    bare: plain.bareAsync,
    ttprof: measured.measuredAsync,
    'by hand': wrapAsyncByHand(plain.plainAsync),
    timerify: timerify(plain.plainAsync),
    [TRACED]: traced,
  },
  generator: {
    plain: plain.plainGenerator,
    bare: plain.bareGenerator,
    ttprof: measured.measuredGenerator,
    [TRACED]: traced,
  },
  'async, working': {
    plain: plain.plainWorkingAsync,
    bare: plain.bareWorkingAsync,
    ttprof: measured.measuredWorkingAsync,
  },
  'generator, working': {
    plain: plain.plainWorkingGenerator,
    bare: plain.bareWorkingGenerator,
    ttprof: measured.measuredWorkingGenerator,
  },
  text: { plain: plain.plainText, bare: plain.bareText, ttprof: measured.measuredText },
  'text, within another': {
    plain: plain.plainTexts,
    bare: plain.bareTexts,
    ttprof: measured.measuredTexts,
  },
};

/**
 * Each variant has a loop of its own, so that V8 sees one callee in each; each makes `calls` calls. Texts differ by the
 * name, because V8 compiles equal texts once and then treats the second function worse than the first.
 */
const LOOPS = {
  sync: 'for (let i = 0; i < calls; i++) sum = (sum + fn(i)) | 0; return sum',
  recursive: `for (let i = 0; i < calls; i += ${DEPTH}) sum = (sum + fn(${DEPTH - 1})) | 0; return sum`,
  async: 'for (let i = 0; i < calls; i++) sum = (sum + (await fn(i))) | 0; return sum',
  generator: 'for (let i = 0; i < calls; i++) for (const x of fn(i)) sum = (sum + x) | 0; return sum',
  text: 'for (let i = 0; i < calls; i++) sum = (sum + fn(texts[i & 7])) | 0; return sum',
  'text, within another': `for (let i = 0; i < calls; i += ${CALLS_WITHIN}) sum = (sum + fn(texts, ${CALLS_WITHIN})) | 0; return sum`,
};
const CALLS = { sync: 20_000, recursive: 20_000, async: 5_000, generator: 10_000 };
const MOST_CALLS = 20_000;

/** As in most programs, a function of another module is measured as well. */
function callElsewhere(calls) {
  let sum = 0;
  for (let i = 0; i < calls; i++) sum = (sum + measuredElsewhere(i)) | 0;
  return sum;
}

/** `async` or `generator`, where it is one of them. */
const [pausing] = kind.split(',');
const calls = CALLS[pausing] ?? MOST_CALLS;
const loops = Object.entries(VARIANTS[kind]).map(([name, fn], index) => {
  const asynchronous = pausing === 'async' ? 'async ' : '';
  const loop = new Function(
    `return ${asynchronous}function loop${index}(fn, calls, texts) { let sum = 0; ${LOOPS[kind] ?? LOOPS[pausing]} }`,
  )();
  return { name, run: () => loop(fn, calls, TEXTS), samples: [] };
});
for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
  if (kind === 'sync') callElsewhere(calls);
  for (const { run, samples } of loops) {
    const start = now();
    await run();
    const ns = ((now() - start) * 1e6) / calls;
    if (round >= 0) samples.push(ns);
  }
}
console.log(JSON.stringify(Object.fromEntries(loops.map(({ name, samples }) => [name, samples]))));
