import type { DrillStats, PerfStats } from '../../model.js';
import { type Fields, present } from './json-fields.js';

/** What ran inside of a function. */
export function readDrill(drill: Fields): DrillStats {
  const listed = drill.objects('nodes');
  return {
    intervalUs: drill.number('interval_us'),
    samples: drill.number('samples'),
    nodes: listed.map((node, index) => ({
      name: node.string('name'),
      file: node.string('file'),
      line: node.number('line'),
      self: node.number('self'),
      total: node.number('total'),
      ...present('hotLine', node.optional('hot_line', 'number')),
      ...(node.optional('dependency', 'boolean') === true && { dependency: true as const }),
      // a damaged file must not make a tree without an end
      children: node.numbers('children').filter((child) => child > index && child < listed.length),
    })),
  };
}

/** What `perf` saw inside of a function. */
export function readPerf(perf: Fields): PerfStats {
  return {
    event: perf.string('event'),
    js: perf.number('js'),
    native: perf.number('native'),
    kernel: perf.number('kernel'),
    counters: perf.has('counters') ? perf.object('counters').allNumbers() : {},
    tree: readDrill(perf),
  };
}
