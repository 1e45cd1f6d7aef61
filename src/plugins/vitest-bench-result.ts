import { momentsOf, sampleDeviation } from '../report/statistics/moments.js';
import { normalQuantile } from '../report/statistics/normal.js';
import { median, quantile, sortValues } from '../report/statistics/quantiles.js';
import type { CaseTiming } from '../timeit/timing.js';
import type { BenchmarkResult, BenchmarkStatistics } from './vitest-bench-types.js';

const NS_PER_MS = 1e6;
const MS_PER_S = 1e3;

/**
 * What was timed, in the fields that Vitest knows. Pure.
 * @param isRetained are the rounds' own times part of it?
 */
export function toBenchmarkResult(timing: CaseTiming, isRetained: boolean): BenchmarkResult {
  const latencies = timing.roundsNs.map((ns) => ns / NS_PER_MS);
  const latency = describeSamples(latencies, isRetained);
  return {
    name: timing.name,
    state: 'completed',
    latency,
    throughput: describeSamples(
      latencies.map((ms) => MS_PER_S / ms),
      isRetained,
    ),
    period: latency.mean,
    totalTime: latency.mean * latencies.length * timing.loops,
    runtime: 'node',
    runtimeVersion: process.versions.node,
    timestampProviderName: 'hrtimeNow',
  };
}

function describeSamples(values: readonly number[], isRetained: boolean): BenchmarkStatistics {
  const sorted = sortValues(values);
  const moments = momentsOf(values);
  const { count, mean } = moments;
  const sd = sampleDeviation(moments) ?? 0;
  const sem = sd / Math.sqrt(count);
  const df = count - 1;
  const critical = studentT95(Math.max(df, 1));
  const p50 = quantile(sorted, 0.5);
  return {
    aad: momentsOf(values.map((value) => Math.abs(value - mean))).mean,
    critical,
    df,
    mad: median(values.map((value) => Math.abs(value - p50))),
    max: sorted[count - 1]!,
    mean,
    min: sorted[0]!,
    moe: sem * critical,
    p50,
    p75: quantile(sorted, 0.75),
    p99: quantile(sorted, 0.99),
    p995: quantile(sorted, 0.995),
    p999: quantile(sorted, 0.999),
    rme: (100 * sem * critical) / Math.abs(mean),
    samples: isRetained ? [...sorted] : undefined,
    samplesCount: count,
    sd,
    sem,
    variance: sd ** 2,
  };
}

/**
 * Student's t for 95 %, two-sided, by its expansion around the normal distribution (Abramowitz and Stegun, 26.7.5): with
 * five degrees of freedom within 0.0005.
 */
export function studentT95(freedom: number): number {
  const z = normalQuantile(0.975);
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, power) => sum + term / freedom ** power, 0);
}
