import { formatCount, formatCounted } from '../../../shared/text/format-count.js';
import type { FunctionStats, PerfStats } from '../../model.js';
import { makeVisible } from './display-name.js';
import { describeTree } from './drill-tree.js';
import { formatTime } from './format-time.js';

const NS_PER_US = 1_000;
const CLOCKS = new Set(['cycles', 'cpu-clock']);

/** What `perf` saw inside a function, as lines of text: what kinds of code, events, and a tree. */
export function describePerfTree(f: FunctionStats): string[] {
  const { perf } = f;
  if (perf === undefined || perf.tree.samples === 0) return [];
  const { event, js, native, kernel, tree } = perf;
  const share = (part: number) => `${((100 * part) / tree.samples).toFixed(1)}%`;
  const [, ...lines] = describeTree({ ...f, drill: tree });
  return [
    `perf inside ${makeVisible(f.name)}: ${formatCounted(tree.samples, 'sample')} of ${event}, one each ${formatTime(tree.intervalUs * NS_PER_US)}: ` +
      `${share(js)} JavaScript, ${share(native)} native, ${share(kernel)} kernel`,
    ...describeCounters(perf),
    ...lines,
  ];
}

function describeCounters({ counters }: PerfStats): string[] {
  const listed = Object.entries(counters).filter(([name]) => !CLOCKS.has(name));
  if (listed.length === 0) return [];
  const { cycles, instructions } = counters;
  const rate = cycles && instructions ? `, ${(instructions / cycles).toFixed(2)} instructions a cycle` : '';
  return [`${listed.map(([name, count]) => `${formatCount(Math.round(count))} ${name}`).join(', ')}${rate}`];
}
