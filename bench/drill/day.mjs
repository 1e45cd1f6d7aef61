// A server that runs for a day under --drill, in short: what was sampled is folded as often as in a day, and never the
// same code runs twice. What stays must not grow.
//
//   node --expose-gc bench/drill/day.mjs [FOLDS]
import { createFunctionLocator } from '../../dist/loader/locate/locate-function.js';
import { noting, startSampler } from '../../dist/runtime/inside/sampler.js';
import { startRuntime } from '../../dist/runtime/runtime.js';

const MINUTES_OF_DAY = 24 * 60;
const SAMPLE_EVERY_US = 100;
const FOLD_EVERY_MS = 30;
const COLLECTIONS = 12;

const folds = Number(process.argv[2] ?? MINUTES_OF_DAY);
let folded = 0;
const runtime = startRuntime({ raw: true, sample: 1, cpu: false, settle: false, warmup: 0, note: noting });
const locate = createFunctionLocator([], () => null);
const sampler = startSampler(SAMPLE_EVERY_US, locate, () => folded++, FOLD_EVERY_MS * 1e6);
const file = '/app/server.js';
const sites = [{ name: 'serve', line: 1, column: 1, kind: 'sync', targets: ['serve'] }];
const probe = runtime.handle.load(JSON.stringify({ file, sites }));

let requests = 0;
/** A request: it evaluates code that nobody has seen before, in a file of its own, and runs it. */
function serve() {
  const token = probe.enter(0);
  try {
    const request = requests++;
    // not by `node:vm`: Node itself keeps 2 kB of each script
    const code = `return function request${request}() {
      let sum = 0;
      for (let i = 0; i < 20_000; i++) sum += i % 7;
      return () => sum;
    }
    //# sourceURL=/app/request-${request}.js`;
    new Function(code)()()();
  } finally {
    probe.exit(0, token, null);
  }
}

/** What stays in use, in bytes. */
function measure() {
  // V8 keeps evaluated code for some collections
  for (let collection = 0; collection < COLLECTIONS; collection++) globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  const thread = runtime.collect().threads[0];
  const tree = thread.functions[0].drill;
  return { folded, requests, heapUsed, rss, nodes: tree?.nodes.length ?? 0, samples: tree?.samples ?? 0 };
}

const measured = [];
for (let part = 1; part <= 4; part++) {
  while (folded < (folds * part) / 4) serve();
  measured.push(measure());
}
sampler.finish();
console.log(JSON.stringify(measured));
