// What a tracing library makes of a function: @apm-js-collab/code-transformer rewrites it to publish to a tracing channel,
// and a subscriber times it, as its users do.
import { tracingChannel } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import codeTransformer from '@apm-js-collab/code-transformer';

const now = performance.now.bind(performance);
const MODULE = { name: 'bench', versionRange: '*', filePath: 'plain.mjs' };

/** Where times go, so that V8 keeps them: of the function's own code, and until promises settle. */
const sums = { own: 0, settled: 0 };

/**
 * How the library is told to rewrite each kind of function, and who listens. Not supported: the time in a generator's
 * body as one call. It publishes the call that makes the generator object, and, to a channel of its own, each step
 * (`returnKind`, which replaces `next`, `return` and `throw` on each generator object): the subscriber adds steps up.
 */
const KINDS = {
  sync: { functionName: 'plainSync', kind: 'Sync', subscribe: timeSync },
  recursive: { functionName: 'plainRecursive', kind: 'Sync', subscribe: timeSync },
  async: { functionName: 'plainAsync', kind: 'Async', subscribe: timeAsync },
  generator: {
    functionName: 'plainGenerator',
    kind: 'Sync',
    returnKind: 'Iterator',
    subscribe: timeSteps,
  },
};

/** @returns the function of plain.mjs of that kind, rewritten and subscribed to; null where there is none */
export async function loadTraced(kind) {
  if (KINDS[kind] === undefined) return null;
  const { subscribe, ...functionQuery } = KINDS[kind];
  const { functionName } = functionQuery;
  const matcher = codeTransformer.create([{ channelName: functionName, module: MODULE, functionQuery }]);
  const source = readFileSync(new URL('plain.mjs', import.meta.url), 'utf8');
  const transformer = matcher.getTransformer(MODULE.name, '1.0.0', MODULE.filePath);
  const { code } = transformer.transform(source, 'esm');
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const name = `orchestrion:${MODULE.name}:${functionName}`;
  let heard = 0;
  subscribe(name, () => heard++);
  const fn = module[functionName];
  // a function that nobody hears of would be cheap
  for (const _ of kind === 'generator' ? fn(1) : [await fn(1)]);
  if (heard === 0) throw new Error(`${name}: the subscriber heard of no call`);
  return fn;
}

function timeSync(name, ended) {
  tracingChannel(name).subscribe({
    start: (context) => {
      context.startMs = now();
    },
    end: (context) => {
      sums.own += now() - context.startMs;
      ended();
    },
  });
}

function timeAsync(name, ended) {
  tracingChannel(name).subscribe({
    start: (context) => {
      context.startMs = now();
    },
    end: (context) => {
      sums.own += now() - context.startMs;
    },
    asyncStart: (context) => {
      sums.settled += now() - context.startMs;
    },
    asyncEnd: ended,
  });
}

function timeSteps(name, ended) {
  tracingChannel(name).subscribe({
    start: (context) => {
      context.activeMs = 0;
    },
    end: () => {},
  });
  tracingChannel(`${name}:next`).subscribe({
    start: (context) => {
      context.startMs = now();
    },
    end: (context) => {
      context.activeMs += now() - context.startMs;
      if (!context.result.done) return;
      sums.own += context.activeMs;
      ended();
    },
  });
}
