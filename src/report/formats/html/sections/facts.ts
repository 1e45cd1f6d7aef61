import { countKept } from '../../../aggregate/sums.js';
import type { FunctionStats } from '../../../model.js';
import { formatBytes } from '../../table/format-time.js';
import { html, type Markup } from '../markup.js';
import { showCount, showCounted, showDuration, showShare } from '../numbers.js';

/** One number with its name and what it means in plain words. */
interface Fact {
  readonly name: string;
  readonly value: string;
  readonly words: string;
}

/** The numbers of one function, each explained; those that would say nothing here are left out. */
export function renderFacts(fn: FunctionStats): Markup {
  const facts = fn.calls === 0 ? listUncalled(fn) : [...listTimes(fn), ...listShares(fn), ...listCounts(fn)];
  return html`<dl class="facts">${facts.map(
    ({ name, value, words }) =>
      html`<div><dt>${name}</dt><dd><span class="value">${value}</span><span class="words">${words}</span></dd></div>`,
  )}</dl>`;
}

function listUncalled(fn: FunctionStats): Fact[] {
  return fn.unfinished > 0
    ? [
        {
          name: 'unfinished',
          value: showCount(fn.unfinished),
          words: 'calls had begun and had not ended when the program did',
        },
      ]
    : [{ name: 'calls', value: '0', words: 'found, but never called' }];
}

function listTimes(fn: FunctionStats): Fact[] {
  const facts: Fact[] = [
    { name: 'calls', value: showCount(fn.calls), words: 'completed, those that threw included' },
    {
      name: 'total',
      value: showDuration(fn.totalNs),
      words:
        fn.outermostCalls < fn.calls
          ? 'time inside, calls within calls of itself counted once'
          : 'time inside, all calls together',
    },
  ];
  if (fn.medianNs !== null)
    facts.push({
      name: 'median',
      value: showDuration(fn.medianNs),
      words: 'half of the calls took less, half more',
    });
  if (fn.timedCalls < 2) return facts;
  const minMax = {
    name: 'fastest … slowest',
    value: `${showDuration(fn.minNs)} … ${showDuration(fn.maxNs)}`,
    words: 'of all timed calls',
  };
  facts.push(minMax);
  if (fn.stdevNs !== null)
    facts.push({
      name: 'σ',
      value: showDuration(fn.stdevNs),
      words: `standard deviation, around a mean of ${showDuration(fn.meanNs)}`,
    });
  const tails = [
    ['p75', fn.p75Ns, 'a quarter of the calls took longer', 4],
    ['p90', fn.p90Ns, 'one call in ten took longer', 10],
    ['p99', fn.p99Ns, 'one call in a hundred took longer', 100],
    ['p99.9', fn.p999Ns, 'one call in a thousand took longer', 1000],
  ] as const;
  for (const [name, ns, words, least] of tails) {
    if (ns !== null && fn.timedCalls >= least) facts.push({ name, value: showDuration(ns), words });
  }
  return facts;
}

function listShares(fn: FunctionStats): Fact[] {
  const facts: Fact[] = [];
  const share = (ns: number) => (fn.totalNs > 0 ? `, ${showShare(ns / fn.totalNs)} of the total` : '');
  if (fn.kind !== 'sync' && fn.activeNs !== null) {
    facts.push({
      name: 'active',
      value: showDuration(fn.activeNs),
      words: 'its own code ran; the rest was waiting',
    });
  }
  if (fn.selfNs !== null && Math.abs(fn.selfNs - fn.totalNs) > fn.totalNs * 0.0005) {
    facts.push({
      name: 'self',
      value: showDuration(fn.selfNs),
      words: `outside other measured functions${share(fn.selfNs)}`,
    });
  }
  if (fn.cpuNs !== null)
    facts.push({
      name: 'CPU',
      value: showDuration(fn.cpuNs),
      words: 'the processor worked for it; less than the total means waiting',
    });
  if (fn.gcNs !== null && fn.gcNs > 0) {
    facts.push({
      name: 'garbage collection',
      value: showDuration(fn.gcNs),
      words: `went by during its calls${share(fn.gcNs)}`,
    });
  }
  if (fn.allocBytes !== null) {
    const median = fn.allocMedianBytes === null ? '' : `, ${formatBytes(fn.allocMedianBytes)} in the median`;
    facts.push({
      name: 'allocated',
      value: formatBytes(fn.allocTotalBytes ?? 0),
      words: `by all calls and what they called; ${formatBytes(fn.allocBytes)} a call${median}`,
    });
  }
  return facts;
}

function listCounts(fn: FunctionStats): Fact[] {
  const facts: Fact[] = [];
  if (fn.timedCalls < fn.calls) {
    facts.push({
      name: 'timed',
      value: showCount(fn.timedCalls),
      words: 'calls had their duration taken; the others were only counted',
    });
  }
  if (fn.errors > 0)
    facts.push({
      name: 'threw',
      value: showCount(fn.errors),
      words: `${fn.errors === 1 ? 'call' : 'calls'} ended with an error or a rejection`,
    });
  if (fn.unfinished > 0) {
    facts.push({
      name: 'unfinished',
      value: showCount(fn.unfinished),
      words: `${fn.unfinished === 1 ? 'call' : 'calls'} had not ended when the program did`,
    });
  }
  if (fn.outliers > 0) {
    facts.push({
      name: 'far out',
      value: showCount(fn.outliers),
      words: `of the kept samples (Tukey’s fences); counted, never removed`,
    });
  }
  if (fn.warmupSamples > 0) {
    facts.push({
      name: 'warm-up',
      value: showCounted(fn.warmupSamples, countKept(fn) < fn.calls ? 'sample' : 'call'),
      words:
        fn.series.length > 1
          ? 'were slower than the rest, at the starts of all threads and runs together'
          : 'at the start were slower than the rest',
    });
  }
  return facts;
}
