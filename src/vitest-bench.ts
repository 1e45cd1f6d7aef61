import { runGroup } from './plugins/vitest-bench.js';
import type { BenchmarkGroup, BenchmarkResult } from './plugins/vitest-bench-types.js';

export type { BenchmarkGroup, BenchmarkResult };

/** Vitest's `benchmark.provider`: benchmarks are timed and judged as `ttprof timeit` does it. */
const provider: { run(group: BenchmarkGroup): Promise<BenchmarkResult[]> } = { run: runGroup };

export default provider;
