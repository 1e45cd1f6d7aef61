import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ModuleProbe, SiteAddress, SiteIndex } from '../../../dist/runtime/contract.js';
import { advance, load, start } from '../harness.js';

// after the harness, which puts its clock in place before anything loads the runtime
const { addSites } = await import('../../../dist/runtime/memory/site.js');
const { heap } = await import('../../../dist/runtime/memory/arena.js');
const layout = await import('../../../dist/runtime/memory/layout.js');
const { Probe } = await import('../../../dist/runtime/record/recorder.js');
const { SampledProbe } = await import('../../../dist/runtime/modes/sampled.js');

// calls are recorded as they are, and the thread's memory is in place
load(start({ raw: true }), { f: 'sync' });

const FUNCTIONS = 3;

/** A call: which function, how long before and after what it calls. */
interface CallTree {
  readonly fn: number;
  readonly beforeNs: number;
  readonly afterNs: number;
  readonly callees: readonly CallTree[];
}

const MAX_DEPTH = 6;
const trees: fc.Memo<CallTree> = fc.memo((depth) =>
  fc.record({
    fn: fc.nat({ max: FUNCTIONS - 1 }),
    beforeNs: fc.nat({ max: 5000 }),
    afterNs: fc.nat({ max: 5000 }),
    callees: depth <= 1 ? fc.constant([]) : fc.array(trees(), { maxLength: 3 }),
  }),
);

interface Numbers {
  outermost: number;
  nested: number;
  totalNs: number;
  selfNs: number;
}

/**
 * What has to come out, from the tree alone.
 * @param settlesAtEnd a promised call lasts until its promise has settled, which is when all that runs has returned
 */
function compute(tree: CallTree, settlesAtEnd: boolean): Numbers[] {
  const all = Array.from({ length: FUNCTIONS }, () => ({ outermost: 0, nested: 0, totalNs: 0, selfNs: 0 }));
  const outermost: [numbers: Numbers, startNs: number, endNs: number][] = [];
  let nowNs = 0;
  const visit = ({ fn, beforeNs, afterNs, callees }: CallTree, inside: readonly number[]): void => {
    const numbers = all[fn]!;
    const startNs = nowNs;
    nowNs += beforeNs;
    for (const callee of callees) visit(callee, [...inside, fn]);
    nowNs += afterNs;
    numbers.selfNs += beforeNs + afterNs;
    if (inside.includes(fn)) numbers.nested++;
    else {
      numbers.outermost++;
      outermost.push([numbers, startNs, nowNs]);
    }
  };
  visit(tree, []);
  for (const [numbers, startNs, endNs] of outermost)
    numbers.totalNs += (settlesAtEnd ? nowNs : endNs) - startNs;
  return all;
}

type Run = (probe: ModuleProbe, site: SiteIndex, body: () => void) => void;

const runSync: Run = (probe, site, body) => {
  const token = probe.enter(site);
  body();
  probe.exit(site, token, undefined);
};
const runPausing: Run = (probe, site, body) => {
  const call = probe.start(site);
  body();
  call.end(undefined);
};
const runPromised: Run = (probe, site, body) => {
  const token = probe.begin(site);
  body();
  probe.follow(site, token, Promise.resolve());
};

/** The four places where the arithmetic of a call stands, each for speed. */
const WAYS: Record<string, { kind: 'sync' | 'async'; make: (sites: SiteAddress) => ModuleProbe; run: Run }> =
  {
    'the recorder': { kind: 'sync', make: (sites) => new Probe(sites), run: runSync },
    'the sampling one': { kind: 'sync', make: (sites) => new SampledProbe(sites, 1), run: runSync },
    'calls that can pause': { kind: 'async', make: (sites) => new Probe(sites), run: runPausing },
    'promised calls': { kind: 'async', make: (sites) => new Probe(sites), run: runPromised },
  };

for (const [name, { kind, make, run }] of Object.entries(WAYS)) {
  test(`${name} comes to the numbers that follow from the calls`, async () => {
    await fc.assert(
      fc.asyncProperty(trees(MAX_DEPTH), async (tree) => {
        const sites = addSites(new Array(FUNCTIONS).fill(kind));
        const probe = make(sites);
        const visit = ({ fn, beforeNs, afterNs, callees }: CallTree): void =>
          run(probe, fn as SiteIndex, () => {
            advance(beforeNs);
            for (const callee of callees) visit(callee);
            advance(afterNs);
          });
        visit(tree);
        // promised calls end when their promises have settled
        for (let turn = 0; turn < 3; turn++) await null;
        const recorded = Array.from({ length: FUNCTIONS }, (_, fn): Numbers => {
          const at = (field: number) => heap[sites + fn * layout.SITE_DOUBLES + field]!;
          const totalNs = at(layout.TOTAL);
          return {
            outermost: at(layout.OUTERMOST),
            nested: at(layout.NESTED),
            totalNs,
            selfNs: totalNs + at(layout.NESTED_TOTAL) + at(layout.SELF),
          };
        });
        assert.deepEqual(recorded, compute(tree, name === 'promised calls'));
      }),
      { numRuns: 60 },
    );
  });
}
