import { gzipSync } from 'node:zlib';
import { Function as Callee, Line, Location, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import { TtprofError } from '../../../shared/errors.js';
import type { DrillNodeStats, FunctionStats, Report } from '../../model.js';

const NS_PER_US = 1_000;

/**
 * What ran inside the targets (`--drill`) as a gzipped profile of pprof's format: each sample is cut to the target and
 * what it called, and has the target as a label. Its time is its share of the target's exact time. Pure.
 * @throws {TtprofError} where nothing was sampled
 */
export function toPprof(report: Report): Uint8Array {
  const drilled = report.functions.filter(({ drill }) => drill && drill.samples > 0);
  if (drilled.length === 0) throw new TtprofError(explainNoSamples(report));
  const strings = new StringTable();
  const type = (kind: string, unit: string) =>
    new ValueType({ type: strings.dedup(kind), unit: strings.dedup(unit) });
  const callees = new Map<string, Callee>();
  const locations = new Map<string, Location>();
  const samples: Sample[] = [];
  const targetKey = strings.dedup('target');

  const locate = ({ name, file, line, hotLine }: DrillNodeStats): number => {
    const calleeKey = `${file}\0${line}\0${name}`;
    let callee = callees.get(calleeKey);
    if (callee === undefined) {
      const text = strings.dedup(name === '' ? '(anonymous)' : name);
      callee = new Callee({
        id: callees.size + 1,
        name: text,
        systemName: text,
        filename: strings.dedup(file),
        startLine: line,
      });
      callees.set(calleeKey, callee);
    }
    const at = hotLine ?? line;
    const key = `${calleeKey}\0${at}`;
    let location = locations.get(key);
    if (location === undefined) {
      const lines = [new Line({ functionId: callee.id, line: at })];
      location = new Location({ id: locations.size + 1, line: lines });
      locations.set(key, location);
    }
    return Number(location.id);
  };
  const addTree = ({ name, drill, activeNs, totalNs }: FunctionStats): void => {
    const { nodes, samples: count } = drill!;
    const label = [{ key: targetKey, str: strings.dedup(name) }];
    const visit = (index: number, above: readonly number[]): void => {
      const node = nodes[index]!;
      // innermost first
      const stack = [locate(node), ...above];
      if (node.self > 0) {
        const ns = Math.round((node.self * (activeNs ?? totalNs)) / count);
        samples.push(new Sample({ locationId: stack, value: [node.self, ns], label }));
      }
      for (const child of node.children) visit(child, stack);
    };
    visit(0, []);
  };
  for (const fn of drilled) addTree(fn);
  const profile = new Profile({
    sampleType: [type('samples', 'count'), type('time', 'nanoseconds')],
    sample: samples,
    location: [...locations.values()],
    function: [...callees.values()],
    stringTable: strings,
    timeNanos: BigInt(Date.parse(report.run.startedAt) || 0) * 1_000_000n,
    durationNanos: Math.round(report.run.durationNs),
    periodType: type('time', 'nanoseconds'),
    period: drilled[0]!.drill!.intervalUs * NS_PER_US,
  });
  return gzipSync(profile.encode());
}

function explainNoSamples({ functions }: Report): string {
  return functions.some(({ drill }) => drill)
    ? 'no sample was taken in a target: let the program run longer, or sample more often by --drill-interval'
    : 'there are no samples: measure with --drill, and a target that is called';
}
