/*
 * What Vitest 5 and a benchmark provider tell each other, as far as it matters here: its own types need not be installed.
 * https://vitest.dev/config/benchmark#benchmark-provider
 */
import type { LoopMode } from '../timeit/timing.js';

/** Vitest's come from tinybench, whose `Task` they have as `this`. */
// biome-ignore lint/suspicious/noExplicitAny: of a task there is only the name
export type BenchmarkHook = (this: any, mode?: LoopMode) => unknown;

/** What `bench(name, options, fn)` takes. */
export interface BenchmarkFnOptions {
  readonly beforeAll?: BenchmarkHook;
  readonly afterAll?: BenchmarkHook;
  readonly beforeEach?: BenchmarkHook;
  readonly afterEach?: BenchmarkHook;
  readonly async?: boolean;
  readonly retainSamples?: boolean;
  readonly signal?: AbortSignal;
}

/** What `bench.compare()` and `run()` take. */
export interface BenchmarkRunOptions {
  /** In ms. */
  readonly time?: number;
  readonly retainSamples?: boolean;
  readonly concurrency?: string | null;
  readonly signal?: AbortSignal;
  // biome-ignore lint/suspicious/noExplicitAny: of a task there is only the name
  readonly setup?: (task?: any, mode?: LoopMode) => unknown;
  // biome-ignore lint/suspicious/noExplicitAny: of a task there is only the name
  readonly teardown?: (task?: any, mode?: LoopMode) => unknown;
}

export interface BenchmarkRegistration {
  readonly name: string;
  readonly fn: () => unknown;
  readonly fnOpts?: BenchmarkFnOptions;
}

/** The benchmarks of one `bench.compare()` or `run()`. */
export interface BenchmarkGroup {
  readonly test: { readonly context: { readonly signal?: AbortSignal } };
  readonly config: { readonly retainSamples?: boolean };
  readonly registrations: readonly BenchmarkRegistration[];
  readonly options?: BenchmarkRunOptions;
}

/** Of the rounds, of which each is the mean of its calls. Fields are tinybench's. */
export interface BenchmarkStatistics {
  aad: number;
  critical: number;
  df: number;
  mad: number;
  max: number;
  mean: number;
  min: number;
  moe: number;
  p50: number;
  p75: number;
  p99: number;
  p995: number;
  p999: number;
  rme: number;
  // biome-ignore lint/suspicious/noExplicitAny: tinybench's is a list with a mark of its own
  samples: any;
  samplesCount: number;
  sd: number;
  sem: number;
  variance: number;
}

export interface BenchmarkResult {
  name: string;
  state: 'completed';
  /** In ms per call. */
  latency: BenchmarkStatistics;
  /** In calls per second. */
  throughput: BenchmarkStatistics;
  /** The mean, in ms per call. */
  period: number;
  /** Of all timed calls, in ms. */
  totalTime: number;
  runtime: 'node';
  runtimeVersion: string;
  timestampProviderName: string;
}
