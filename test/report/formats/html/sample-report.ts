import type {
  CallerStats,
  Delta,
  DrillNodeStats,
  DrillStats,
  FunctionStats,
  Report,
  RunStats,
  Verdict,
} from '../../../../dist/report/model.js';
import { bucketIndex, type FunctionKind, type Histogram } from '../../../../dist/runtime/contract.js';

/** A small seeded generator (Mulberry32): the same numbers on every machine. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function makeNormal(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function makeHistogram(durationsNs: readonly number[]): Histogram {
  const counts = new Map<number, number>();
  for (const ns of durationsNs) counts.set(bucketIndex(ns), (counts.get(bucketIndex(ns)) ?? 0) + 1);
  const indices = [...counts.keys()].sort((a, b) => a - b);
  return { indices, counts: indices.map((index) => counts.get(index)!) };
}

export interface FunctionPlan {
  readonly name: string;
  readonly calls: number;
  readonly medianNs: number;
  /** Standard deviation of the logarithm of durations. */
  readonly spread?: number;
  readonly warmup?: number;
  readonly kind?: FunctionKind;
  readonly line?: number;
  readonly seed?: number;
  readonly runs?: number;
  readonly callers?: readonly CallerStats[];
  readonly delta?: Delta;
  readonly baseline?: FunctionStats;
  readonly startNs?: number;
  readonly everyNs?: number;
  readonly selfShare?: number;
  readonly errors?: number;
  readonly unfinished?: number;
}

/** A function whose calls are log-normal, slower while it warms up, with a pause for collection now and then. */
export function makeFunction(plan: FunctionPlan): FunctionStats {
  const random = makeRandom(plan.seed ?? plan.name.length * 7919);
  const normal = makeNormal(random);
  const spread = plan.spread ?? 0.06;
  const warmup = plan.warmup ?? 0;
  const durations: number[] = [];
  const starts: number[] = [];
  let now = plan.startNs ?? 0;
  for (let i = 0; i < plan.calls; i += 1) {
    const cold = i < warmup ? 1 + 1.8 * (1 - i / warmup) ** 2 : 1;
    const paused = random() < 0.012 ? 1.6 + random() : 1;
    const ns = Math.round(plan.medianNs * cold * paused * Math.exp(normal() * spread));
    starts.push(now);
    durations.push(ns);
    now += ns + (plan.everyNs ?? plan.medianNs * 0.4) * (0.5 + random());
  }
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (p: number) =>
    sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!;
  const total = durations.reduce((sum, ns) => sum + ns, 0);
  const mean = plan.calls === 0 ? null : total / plan.calls;
  const variance = durations.reduce((sum, ns) => sum + (ns - mean!) ** 2, 0) / (plan.calls - 1);
  const stdev = plan.calls < 2 ? null : Math.sqrt(variance);
  const colon = plan.name.lastIndexOf(':');
  const runs: RunStats[] = Array.from({ length: plan.runs ?? 1 }, () => ({
    calls: plan.calls,
    totalNs: total,
    medianNs: plan.calls === 0 ? null : plan.medianNs * Math.exp(normal() * 0.012),
    minNs: at(0),
    maxNs: at(1),
    stdevNs: stdev,
  }));
  return {
    name: plan.name,
    target: plan.name,
    file: plan.name.slice(0, colon),
    line: plan.line ?? 12,
    column: 1,
    kind: plan.kind ?? 'sync',
    calls: plan.calls,
    outermostCalls: plan.calls,
    timedCalls: plan.calls,
    errors: plan.errors ?? 0,
    unfinished: plan.unfinished ?? 0,
    totalNs: total,
    selfNs: plan.selfShare === undefined ? total : total * plan.selfShare,
    activeNs: plan.kind === undefined || plan.kind === 'sync' ? total : total * 0.2,
    cpuNs: null,
    gcNs: total * 0.03,
    allocBytes: null,
    allocMedianBytes: null,
    allocTotalBytes: null,
    minNs: at(0),
    maxNs: at(1),
    meanNs: mean,
    medianNs: at(0.5),
    stdevNs: stdev,
    p75Ns: at(0.75),
    p90Ns: at(0.9),
    p99Ns: at(0.99),
    p999Ns: at(0.999),
    runs,
    delta: plan.delta ?? null,
    ...(plan.baseline === undefined ? {} : { baseline: plan.baseline }),
    histogram: makeHistogram(durations),
    series:
      plan.calls === 0 ? [] : [{ stride: 1, startNs: starts, durationNs: durations, run: 0, thread: 0 }],
    callers: plan.callers ?? [{ name: null, calls: plan.calls, totalNs: total }],
    outliers: sorted.filter((ns) => ns > plan.medianNs * 1.5).length,
    warmupSamples: warmup,
  };
}

export function makeDelta(
  against: string,
  percent: number,
  half: number | null,
  verdict: Verdict | null,
): Delta {
  return {
    against,
    percent,
    low: half === null ? null : percent - half,
    high: half === null ? null : percent + half,
    verdict,
    reason: verdict === null ? 'run-to-run noise unknown: use --runs' : null,
  };
}

export function makeReport(functions: readonly FunctionStats[], more: Partial<Report> = {}): Report {
  return {
    label: null,
    functions,
    targets: functions.map((fn) => ({ target: fn.target, matched: 1, reason: null, suggestions: [] })),
    run: {
      ttprof: '1.0.0',
      node: 'v24.21.0',
      v8: '13.6.233.17',
      platform: 'linux',
      arch: 'x64',
      cpu: 'AMD EPYC 7763 64-Core Processor',
      cores: 4,
      startedAt: '2026-03-14T09:26:53.589Z',
      durationNs: 412_000_000,
      exitCode: 0,
      signal: null,
      processes: 1,
      threads: 1,
      clockNs: 31,
      callInnerNs: 44,
      callOuterNs: 71,
      callOverheadNs: 115,
      corrected: true,
      runs: functions[0]?.runs.length ?? 1,
      flags: [],
    },
    notes: [],
    marginPercent: 2,
    ...more,
  };
}

/** `-x` of the README: two functions in one run, their calls interleaved. */
export function makeBeforeAfter(): Report {
  const before = makeFunction({
    name: 'example.js:before',
    calls: 600,
    medianNs: 2_270_000,
    spread: 0.03,
    warmup: 40,
    line: 5,
  });
  const after = makeFunction({
    name: 'example.js:after',
    calls: 600,
    medianNs: 856_000,
    spread: 0.05,
    warmup: 60,
    line: 14,
    startNs: 900_000,
    everyNs: 2_000_000,
    delta: makeDelta('example.js:before', -62.3, 0.6, 'faster'),
  });
  const collections = Array.from({ length: 24 }, (_, i) => (i + 0.6) * 78_000_000);
  return makeReport([before, after], {
    label: 'faster maths',
    comparison: { kind: 'first', source: null, run: null, onlyThere: [], onlyHere: [] },
    collections: [
      {
        run: 0,
        thread: 0,
        startNs: collections,
        durationNs: collections.map((_, i) => 900_000 + (i % 5) * 400_000),
      },
    ],
  });
}

/** Ten runs against a baseline of ten, a few functions that call one another, one target that matched nothing. */
export function makeBaselineReport(): Report {
  const plans: [
    name: string,
    calls: number,
    medianNs: number,
    percent: number,
    half: number,
    verdict: Verdict,
  ][] = [
    ['src/server.ts:handle', 1_200, 4_100_000, -18.4, 2.4, 'faster'],
    ['src/query.ts:Query.parse', 1_200, 640_000, -31.2, 1.9, 'faster'],
    ['src/query.ts:Query.plan', 1_200, 310_000, 0.3, 0.9, 'same'],
    ['src/store.ts:Store.get', 9_600, 212_000, 1.4, 3.2, 'unsure'],
    ['src/store.ts:Store.decode', 9_600, 41_000, 12.7, 1.6, 'slower'],
    ['src/render.ts:render', 1_200, 890_000, -0.8, 0.8, 'same'],
    ['src/render.ts:escape', 48_000, 420, -4.9, 3.9, 'unsure'],
  ];
  const callersOf: Readonly<Record<string, readonly [string | null, number][]>> = {
    'src/server.ts:handle': [[null, 1_200]],
    'src/query.ts:Query.parse': [['src/server.ts:handle', 1_200]],
    'src/query.ts:Query.plan': [['src/server.ts:handle', 1_200]],
    'src/store.ts:Store.get': [
      ['src/server.ts:handle', 7_200],
      ['src/render.ts:render', 2_400],
    ],
    'src/store.ts:Store.decode': [['src/store.ts:Store.get', 9_600]],
    'src/render.ts:render': [['src/server.ts:handle', 1_200]],
    'src/render.ts:escape': [
      ['src/render.ts:render', 45_600],
      [null, 2_400],
      ['src/render.ts:escape', 1_000],
    ],
  };
  const functions = plans.map(([name, calls, medianNs, percent, half, verdict], i) => {
    const kept = Math.min(calls, 8_192);
    const before = makeFunction({
      name,
      calls: kept,
      medianNs: medianNs / (1 + percent / 100),
      spread: 0.12,
      runs: 10,
      seed: i + 50,
    });
    return makeFunction({
      name,
      calls: kept,
      medianNs,
      spread: 0.11,
      warmup: i === 1 ? 130 : 0,
      selfShare: [0.25, 1, 1, 0.78, 1, 0.42, 1][i]!,
      runs: 10,
      seed: i + 1,
      line: 20 + i * 17,
      kind: name.includes('handle') || name.includes('get') ? 'async' : 'sync',
      errors: i === 3 ? 4 : 0,
      unfinished: i === 0 ? 1 : 0,
      delta: makeDelta(name, percent, half, verdict),
      baseline: before,
      callers: callersOf[name]!.map(([caller, count]) => ({
        name: caller,
        calls: count,
        totalNs: count * medianNs,
      })),
    });
  });
  return makeReport(functions, {
    label: 'query parser rewrite',
    comparison: { kind: 'baseline', source: 'main.json', run: null, onlyThere: [], onlyHere: [] },
    notes: [
      'src/render.ts:escape: a median near the clock’s resolution (31ns): measure a larger piece of work',
    ],
    targets: [
      ...functions.map((fn) => ({ target: fn.target, matched: 1, reason: null, suggestions: [] })),
      {
        target: 'src/store.ts:Store.fetch',
        matched: 0,
        reason: 'no such function in src/store.ts',
        suggestions: ['src/store.ts:Store.get'],
      },
    ],
  });
}

/** Five hundred functions, as a wildcard finds them. */
export function makeLargeReport(count = 500): Report {
  const random = makeRandom(7);
  const functions = Array.from({ length: count }, (_, i) =>
    makeFunction({
      name: `node_modules-free/src/area-${i % 23}/module-${i % 61}.ts:Component${i}.update`,
      calls: 200 + Math.floor(random() * 400),
      medianNs: 10 ** (2 + random() * 5),
      spread: 0.05 + random() * 0.4,
      seed: i + 1,
      callers:
        i === 0
          ? [{ name: null, calls: 300, totalNs: 1e9 }]
          : [
              {
                name: `node_modules-free/src/area-${Math.floor(i / 3) % 23}/module-${Math.floor(i / 3) % 61}.ts:Component${Math.floor(i / 3)}.update`,
                calls: 100 + i,
                totalNs: 1e6 * (500 - i),
              },
            ],
      ...(i % 2 === 0 ? {} : { delta: makeDelta('x', (random() - 0.5) * 40, 3, 'unsure') }),
    }),
  );
  return makeReport(functions);
}

/** Names, labels, notes and suggestions that try to be markup, script, or text in the other direction. */
export function makeHostileReport(): Report {
  const names = [
    '</script><script>globalThis.hacked=1</script>.js:f',
    '"><img src=x onerror="globalThis.hacked=1">.js:o["<b>bold</b>"]',
    'src/\u202egnp.sj:\u2066fn\u2069',
    'src/שלום.js:فهرس',
    "x.js:o['`;globalThis.hacked=1;`']",
    'x.js:]]><!--<svg onload=globalThis.hacked=1>',
    '</textarea></pre></title></style><script>globalThis.hacked=1</script>:g',
    `src/${'very-long-folder-name/'.repeat(12)}file.ts:${'VeryLongClassName'.repeat(8)}.method`,
    'x.js:emoji\u{1f600}\ud800\0',
  ];
  const functions = names.map((name, i) =>
    makeFunction({
      name,
      calls: 120,
      medianNs: 5_000 * (i + 1),
      callers: [
        { name: null, calls: 60, totalNs: 1e6 },
        { name: names[(i + 1) % names.length]!, calls: 60, totalNs: 1e6 },
      ],
      ...(i === 0
        ? {}
        : { delta: { ...makeDelta(names[0]!, i * 3 - 9, 2, 'unsure'), reason: `<i>${names[0]}</i>` } }),
    }),
  );
  return makeReport(functions, {
    label: '</title><script>globalThis.hacked=1</script>',
    notes: ['<script>globalThis.hacked=1</script>', 'javascript:globalThis.hacked=1'],
    targets: [{ target: '<img src=x>', matched: 0, reason: '<script>x</script>', suggestions: ['<b>'] }],
  });
}

type SampledTree = readonly [name: string, file: string, self: number, ...children: SampledTree[]];

/** As `--drill` gives it; files below `node_modules` are named as packages are. */
export function makeDrill(tree: SampledTree): DrillStats {
  const nodes: DrillNodeStats[] = [];
  const add = ([name, file, self, ...below]: SampledTree): number => {
    const index = nodes.length;
    const children: number[] = [];
    const line = nodes.find((each) => each.name === name)?.line ?? 10 * (index + 1);
    const node = { name, file, line, self, total: self, children };
    nodes.push({ ...node, ...(file.startsWith('marked/') && { dependency: true as const }) });
    let { total } = node;
    for (const each of below) {
      const at = add(each);
      children.push(at);
      total += nodes[at]!.total;
    }
    nodes[index] = { ...nodes[index]!, total };
    return index;
  };
  add(tree);
  return { intervalUs: 1000, samples: nodes[0]!.total, nodes };
}

/** Two versions of a function, of which more than the one that calls was sampled. */
export function makeDrilledReport(): Report {
  const tree = (link: number): SampledTree => [
    'render',
    'app.js',
    40,
    ['lex', 'marked/src/lexer.ts', 100, ['link', 'marked/src/rules.ts', link], ['exec', '', 60]],
    ['parse', 'marked/src/parser.ts', 200, ['parse', 'marked/src/parser.ts', 50], ['text', 'app.js', 90]],
    ['<script>alert(1)</script>', 'a&"b\'.js', 30],
    ['readFileSync', 'node:fs', 80],
  ];
  const plan = { name: 'app.js:render', calls: 100, medianNs: 6_000_000, line: 10 };
  const base = { ...makeFunction(plan), drill: makeDrill(tree(90)) };
  const now = { ...makeFunction(plan), drill: makeDrill(tree(400)), baseline: base };
  return makeReport([{ ...now, delta: makeDelta('app.js:render', 30, 5, null) }], {
    comparison: { kind: 'base', source: 'main', run: null, onlyThere: [], onlyHere: [] },
  });
}
