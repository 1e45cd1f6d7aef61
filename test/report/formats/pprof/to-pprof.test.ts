import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { toPprof } from '../../../../dist/report/formats/pprof/to-pprof.js';
import { makeFunction, makeReport } from '../../make-report.js';

const node = (name: string, line: number, self: number, total: number, children: number[] = []) => ({
  name,
  file: 'src/a.js',
  line,
  self,
  total,
  children,
});
const drill = {
  intervalUs: 1000,
  samples: 10,
  nodes: [
    node('f', 1, 2, 10, [1, 3]),
    { ...node('g', 5, 3, 7, [2]), hotLine: 6 },
    node('h', 9, 4, 4),
    node('h', 9, 1, 1),
  ],
};
const report = makeReport([
  makeFunction({ name: 'src/a.js:f', drill, activeNs: 20e6 }),
  makeFunction({ name: 'src/b.js:plain' }),
]);

function read(bytes: Uint8Array) {
  const profile = Profile.decode(gunzipSync(bytes));
  const text = (index: unknown) => profile.stringTable.strings[Number(index)];
  const callees = new Map(profile.function.map((each) => [Number(each.id), each]));
  const locations = new Map(
    profile.location.map(({ id, line }) => {
      const [first] = line;
      const callee = callees.get(Number(first!.functionId))!;
      return [Number(id), `${text(callee.name)} ${text(callee.filename)}:${Number(first!.line)}`];
    }),
  );
  return {
    types: profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`),
    samples: profile.sample.map(({ locationId, value, label }) => ({
      stack: locationId.map((id) => locations.get(Number(id))),
      value: value.map(Number),
      labels: label.map(({ key, str }) => `${text(key)}=${text(str)}`),
    })),
    period: Number(profile.period),
  };
}

test("pprof's reader finds the trees of the targets, their samples and times", () => {
  const { types, samples, period } = read(toPprof(report));
  assert.deepEqual(types, ['samples/count', 'time/nanoseconds']);
  assert.equal(period, 1e6);
  const labels = ['target=src/a.js:f'];
  assert.deepEqual(samples, [
    { stack: ['f src/a.js:1'], value: [2, 4e6], labels },
    { stack: ['g src/a.js:6', 'f src/a.js:1'], value: [3, 6e6], labels },
    { stack: ['h src/a.js:9', 'g src/a.js:6', 'f src/a.js:1'], value: [4, 8e6], labels },
    { stack: ['h src/a.js:9', 'f src/a.js:1'], value: [1, 2e6], labels },
  ]);
});

test('without samples there is nothing to write', () => {
  assert.throws(() => toPprof(makeReport([makeFunction()])), /measure with --drill/);
  const unmet = { ...drill, samples: 0, nodes: [{ ...drill.nodes[0]!, self: 0, total: 0, children: [] }] };
  assert.throws(
    () => toPprof(makeReport([makeFunction({ drill: unmet })])),
    /no sample was taken in a target/,
  );
});
