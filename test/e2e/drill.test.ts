import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { Profile } from 'pprof-format';
import { REPOSITORY, stripsTypes } from '../modules/run-program.js';
import { Project } from './project.js';

/** Recursive: V8 inlines it into itself a few times at most, so that its frames are there on all lines. */
const INNER = `function inner(n) {
  return n < 2 ? n : inner(n - 1) + inner(n - 2);
}
`;
/** Until the process has had so much of a processor: on a busy machine too there are samples enough then. */
const busyFor = (ms: number, work: string) => `
const { user: userBefore } = process.cpuUsage();
while (process.cpuUsage().user - userBefore < ${ms * 1e3}) ${work}
`;
const LOOP = (ms = 600) => busyFor(ms, 'for (let i = 0; i < 50; i++) outer(5);');
const OUTER = `function outer(rounds) {
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum += inner(18);
  return sum;
}
`;
/** Types that are gone in what runs: lines and columns are others there. */
const TYPED = `interface Shape {
  readonly sides: number;
}
type Numbers = readonly number[];
export function inner(n: number): number {
  return n < 2 ? n : inner(n - 1) + inner(n - 2);
}
export function outer(rounds: number): number {
  let sum: number = 0;
  for (let i = 0; i < rounds; i++) sum += inner(18);
  return sum;
}
`;

const MODULES = {
  'inner.ts': TYPED.slice(0, TYPED.indexOf('export function outer')),
  'main.ts': `import { inner } from './inner';
export function outer(rounds: number): number {
  let sum: number = 0;
  for (let i = 0; i < rounds; i++) sum += inner(18);
  return sum;
}
${LOOP()}`,
};

const FILES = {
  'esm.mjs': `// one line\n${OUTER}${INNER}${LOOP()}`,
  'common.cjs': `// one line\n${OUTER}${INNER}${LOOP()}`,
  'typed.mts': `${TYPED}${LOOP()}`,
  'exit.cjs': `${OUTER}${INNER}${LOOP()}process.exit(3);\n`,
  'throw.cjs': `${OUTER}${INNER}${LOOP()}throw new Error('of the program');\n`,
  'worker.cjs': `new (require('node:worker_threads').Worker)(__dirname + '/common.cjs');\n`,
  'child.cjs': `require('node:child_process').fork(__dirname + '/common.cjs');\n`,
  'inlined.mjs': `let sum = 0;
function tiny(x) { return (x * 31 + 7) % 1009; }
function rest(x) { let sum = 0; for (let i = 0; i < 300; i++) sum += (x * i) % 7; return sum; }
${busyFor(1500, 'for (let i = 0; i < 1e4; i++) sum += tiny(i) + rest(i);')}`,
  'later.mjs': `import { setImmediate } from 'node:timers/promises';
${INNER}
async function steps() {
  inner(22);
  await setImmediate();
  afterwards();
  await null;
  afterwards();
}
function afterwards() {
  for (let i = 0; i < 5; i++) inner(22);
}
${busyFor(500, 'await steps();')}`,
  'ended.cjs': `${OUTER}${INNER}${LOOP(200)}process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1e3);\n`,
  'built-in.cjs': `const text = JSON.stringify({ list: Array.from({ length: 2e4 }, (_, i) => ({ i })) });
function read(text) { return JSON.parse(text).list.length; }
${busyFor(400, 'read(text);')}`,
  'src/inner.ts': MODULES['inner.ts'],
  'src/main.ts': MODULES['main.ts'],
  'esm/package.json': '{ "type": "module" }',
  'esm/inner.ts': MODULES['inner.ts'],
  'esm/main.ts': MODULES['main.ts'],
};

interface Node {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly self: number;
  readonly total: number;
  readonly hot_line?: number;
  readonly children: readonly number[];
}
interface Drilled {
  readonly name: string;
  readonly calls: number;
  readonly total_ns: number;
  readonly drill: {
    readonly interval_us: number;
    readonly samples: number;
    readonly nodes: readonly Node[];
  } | null;
}

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

/** Fewer than this of several hundred would mean that most are lost, on a machine that is busy too. */
const SOME_SAMPLES = 15;

function readDrilled(
  json: string,
  name: string,
): Drilled & { readonly drill: NonNullable<Drilled['drill']> } {
  const { functions } = project.readReport(json) as unknown as { functions: Drilled[] };
  const found = functions.find((f) => f.name.endsWith(`:${name}`));
  assert.ok(found?.drill, `${name} is drilled`);
  const { samples, nodes } = found.drill;
  assert.equal(
    nodes.reduce((sum, { self }) => sum + self, 0),
    samples,
    'self times add up',
  );
  assert.equal(nodes[0]?.total ?? 0, samples);
  for (const node of nodes) {
    const below = node.children.reduce((sum, child) => sum + nodes[child]!.total, 0);
    assert.equal(node.total, node.self + below, `${node.name}: total`);
  }
  return { ...found, drill: found.drill };
}

/** That most of what `outer` took is below it in `inner`, at the lines of their sources. */
function checkTree(
  json: string,
  file: string,
  outerLine: number,
  innerFile: string,
  innerLine: number,
  holdsLines = true,
): void {
  const { drill } = readDrilled(json, 'outer');
  const { samples, nodes } = drill;
  assert.ok(samples >= SOME_SAMPLES, `${samples} samples`);
  assert.deepEqual([nodes[0]!.file, nodes[0]!.line], [file, outerLine]);
  const inner = nodes[0]!.children.map((child) => nodes[child]!).find(({ name }) => name === 'inner');
  assert.ok(inner, `inner is below it: ${nodes.map(({ name }) => name).join()}`);
  assert.deepEqual([inner.file, inner.line], [innerFile, innerLine]);
  assert.ok(inner.total > samples / 2, `${inner.total} of ${samples}`);
  // the line of its body, or the one on which it begins
  const hot = nodes.filter(({ name }) => name === 'inner').map(({ hot_line }) => hot_line);
  assert.ok(
    hot.every((line) => line === undefined || (line >= innerLine && line <= innerLine + 2)),
    `${hot}`,
  );
  assert.ok(!holdsLines || hot.includes(innerLine + 1), `${hot}`);
}

const target = (...names: string[]) => names.flatMap((name) => ['-t', name]);

for (const [name, code] of [
  ['esm.mjs', 0],
  ['common.cjs', 0],
  ['exit.cjs', 3],
  ['throw.cjs', 1],
] as const) {
  test(`--drill: ${name}`, async () => {
    const { code: exitCode, stderr } = await project.ttprof([
      '--drill',
      ...target('outer'),
      '--json',
      'd.json',
      name,
    ]);
    assert.equal(exitCode, code, stderr);
    const first = (name.startsWith('e') && name !== 'exit.cjs') || name === 'common.cjs' ? 2 : 1;
    checkTree('d.json', name, first, name, first + 5);
    assert.match(stderr, / inside \S*outer: [\d,]+ samples, one each 1\.00ms\n/);
    assert.match(stderr, new RegExp(`%   inner ${name}:${first + 5}, recursive`));
    assert.match(stderr, /times give no verdicts/);
  });
}

test('--drill: the sampled time of a busy function is not more than its exact time', async () => {
  await project.ttprof([
    '--drill',
    '--drill-interval',
    '500',
    ...target('outer'),
    '--json',
    'i.json',
    'esm.mjs',
  ]);
  const { drill, total_ns } = readDrilled('i.json', 'outer');
  assert.equal(drill.interval_us, 500);
  // on a busy machine V8 samples less often than it is told to
  const ratio = (drill.samples * 500e3) / total_ns;
  assert.ok(ratio > 0.02 && ratio < 1.2, `${ratio}`);
});

test('--drill: TypeScript by tsx', async () => {
  const tsx = pathToFileURL(join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')).href;
  const args = [
    '--import',
    tsx,
    '--import',
    'ttprof/register',
    'typed.mts',
    '--ttprof=outer',
    '--ttprof-drill',
  ];
  const { code, stderr } = await project.node([...args, '--ttprof-json=tsx.json']);
  assert.equal(code, 0, stderr);
  checkTree('tsx.json', 'typed.mts', 8, 'typed.mts', 5, false);
});

for (const [kind, folder] of [
  ['CommonJS', 'src'],
  ['ESM', 'esm'],
] as const) {
  test(`--drill: TypeScript by tsx, ${kind} of which only one module is rewritten`, async () => {
    const tsx = pathToFileURL(join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')).href;
    const args = ['--import', tsx, '--import', 'ttprof/register', `${folder}/main.ts`, '--ttprof=outer'];
    const json = `${folder}.json`;
    const { code, stderr } = await project.node([...args, '--ttprof-drill', `--ttprof-json=${json}`]);
    assert.equal(code, 0, stderr);
    // tsx puts all into one line
    checkTree(json, `${folder}/main.ts`, 2, `${folder}/inner.ts`, 5, false);
  });
}

test("--drill: TypeScript by Node's type stripping", { skip: !stripsTypes }, async () => {
  const { code, stderr } = await project.ttprof([
    '--drill',
    ...target('outer'),
    '--json',
    'n.json',
    'typed.mts',
  ]);
  assert.equal(code, 0, stderr);
  checkTree('n.json', 'typed.mts', 8, 'typed.mts', 5);
});

for (const minifyWhitespace of [false, true]) {
  test(`--drill: a bundle with a source map, ${minifyWhitespace ? 'all in one line' : 'readable'}`, async () => {
    const outfile = project.path(`dist/bundle-${minifyWhitespace}.mjs`);
    await build({
      entryPoints: [project.path('src/main.ts')],
      ...{
        outfile,
        bundle: true,
        minifyWhitespace,
        sourcemap: true,
        format: 'esm',
        platform: 'node',
        logLevel: 'silent',
      },
    });
    const args = [
      '--drill',
      ...target('src/main.ts:outer'),
      '--json',
      'b.json',
      `dist/bundle-${minifyWhitespace}.mjs`,
    ];
    const { code, stderr } = await project.ttprof(args);
    assert.equal(code, 0, stderr);
    checkTree('b.json', 'src/main.ts', 2, 'src/inner.ts', 5, !minifyWhitespace);
  });
}

test('--drill: a bundle with minified names shows the names of the sources', async () => {
  const outfile = project.path('dist/short.mjs');
  await build({
    entryPoints: [project.path('src/main.ts')],
    ...{ outfile, bundle: true, minify: true, sourcemap: true, format: 'esm', logLevel: 'silent' },
  });
  const args = ['--drill', ...target('src/main.ts:*'), '--json', 'short.json', 'dist/short.mjs'];
  const { code, stderr } = await project.ttprof(args);
  assert.equal(code, 0, stderr);
  const { functions } = project.readReport('short.json') as unknown as { functions: Drilled[] };
  const nodes = functions[0]?.drill?.nodes ?? [];
  const inner = nodes.find(({ name }) => name === 'inner');
  assert.deepEqual([inner?.file, inner?.line], ['src/inner.ts', 5], stderr);
});

for (const how of ['worker.cjs', 'child.cjs']) {
  test(`--drill: ${how}`, async () => {
    const { code, stderr } = await project.ttprof([
      '--drill',
      ...target('common.cjs:outer'),
      '--json',
      'w.json',
      how,
    ]);
    assert.equal(code, 0, stderr);
    checkTree('w.json', 'common.cjs', 2, 'common.cjs', 7);
  });
}

test('--drill: a program that ends by a signal has its calls in the report', async () => {
  const { signal } = await project.ttprof(['--drill', ...target('outer'), '--json', 's.json', 'ended.cjs']);
  assert.equal(signal, 'SIGTERM');
  const { functions } = project.readReport('s.json');
  assert.ok(functions[0]!.calls > 0);
});

test('--drill: a small function that V8 inlines does not get the samples of its caller', async () => {
  await project.ttprof(['--drill', ...target('tiny', 'rest'), '--json', 't.json', 'inlined.mjs']);
  const tiny = readDrilled('t.json', 'tiny');
  const rest = readDrilled('t.json', 'rest');
  assert.ok(rest.drill.samples >= SOME_SAMPLES, `${rest.drill.samples} samples`);
  // the short one is met as often as it runs, not as often as the program runs
  const ofTiny = tiny.drill.samples / rest.drill.samples;
  assert.ok(ofTiny < 0.8, `${tiny.drill.samples} of tiny, ${rest.drill.samples} of the rest`);
});

test('--drill: what an async function runs after it waited is its own', async () => {
  await project.ttprof(['--drill', ...target('steps'), '--json', 'l.json', 'later.mjs']);
  const { drill } = readDrilled('l.json', 'steps');
  const { nodes, samples } = drill;
  const afterwards = nodes[0]!.children
    .map((child) => nodes[child]!)
    .find(({ name }) => name === 'afterwards');
  assert.ok(samples >= SOME_SAMPLES, `${samples} samples`);
  assert.ok(
    afterwards !== undefined && afterwards.total > 0.7 * samples,
    `${afterwards?.total} of ${samples}`,
  );
  assert.equal(afterwards.line, 13);
});

test('--drill: a built-in function is a target too', async () => {
  const { code, stderr } = await project.ttprof([
    '--drill',
    ...target('globalThis:JSON.parse', 'read'),
    '--json',
    'j.json',
    'built-in.cjs',
  ]);
  assert.equal(code, 0, stderr);
  const { functions } = project.readReport('j.json') as unknown as { functions: Drilled[] };
  const samplesOf = (part: string) => functions.find(({ name }) => name.includes(part))?.drill?.samples ?? 0;
  assert.ok(samplesOf('parse') > 0.6 * samplesOf('read'), stderr);
});

test('--drill: a saved report shows the same trees', async () => {
  const { stderr } = await project.ttprof(['--drill', ...target('outer'), '--json', 'saved.json', 'esm.mjs']);
  const { code, stderr: shown } = await project.ttprof(['report', 'saved.json']);
  assert.equal(code, 0);
  const inside = (text: string) => text.slice(text.indexOf(' inside '), text.indexOf('\n note'));
  assert.match(shown, / inside /);
  assert.equal(inside(shown), inside(stderr));
});

test('--drill: of two versions, what changed inside is said, and no verdict', async () => {
  const versions = `
function more(n) { return n < 2 ? n : more(n - 1) + more(n - 2); }
function common(n) { return n < 2 ? n : common(n - 1) + common(n - 2); }
function before() { return common(18) + more(10); }
function after() { return common(18) + more(20); }
for (let i = 0; i < 3000; i++) { before(); after(); }
`;
  project.write('two.mjs', versions);
  const args = ['--drill', '-x', ...target('before', 'after'), '--json', 'x.json'];
  const { code, stderr } = await project.ttprof([...args, 'two.mjs']);
  assert.equal(code, 0, stderr);
  const changed =
    / what changed in two\.mjs:after against two\.mjs:before: .*\n.*of the change {2}more two\.mjs:2\n/;
  assert.match(stderr, changed);
  const { functions } = project.readReport('x.json');
  assert.equal(functions[1]?.delta?.verdict, null);
  assert.match(stderr, /times under --drill give no verdicts/);
  assert.match((await project.ttprof(['report', 'x.json'])).stderr, changed);
});

test('--drill: what changed inside is said against a saved run and by ab', async () => {
  const program = (n: number) => `
function common(n) { return n < 2 ? n : common(n - 1) + common(n - 2); }
function more(n) { return n < 2 ? n : more(n - 1) + more(n - 2); }
function f() { return common(18) + more(${n}); }
for (let i = 0; i < 2500; i++) f();
`;
  for (const [folder, n] of [
    ['old', 10],
    ['new', 20],
  ] as const) {
    project.write(`${folder}/package.json`, '{}');
    project.write(`${folder}/app.cjs`, program(n));
  }
  const options = ['--drill', ...target('f')];
  await project.ttprof([...options, '--json', 'old.json', 'app.cjs'], { cwd: 'old' });
  const baseline = await project.ttprof([...options, '--baseline', '../old/old.json', 'app.cjs'], {
    cwd: 'new',
  });
  const changed = / what changed in app\.cjs:f: .*\n.*of the change {2}more app\.cjs:3\n/;
  assert.match(baseline.stderr, changed);
  const ab = await project.ttprof(['ab', '--base', '../old', ...options, 'app.cjs'], { cwd: 'new' });
  assert.equal(ab.code, 0, ab.stderr);
  assert.match(ab.stderr, changed);
  assert.doesNotMatch(ab.stderr, /faster|slower than/);
});

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly hitCount: number;
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  readonly startTime: number;
  readonly endTime: number;
}

/** What Chrome DevTools' protocol says of a profile (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/). */
function readProfile(path: string): CpuProfile {
  const profile = JSON.parse(project.read(path)) as CpuProfile;
  const ids = new Set(profile.nodes.map(({ id }) => id));
  assert.equal(ids.size, profile.nodes.length);
  for (const { children = [], callFrame } of profile.nodes) {
    assert.ok(children.every((child) => ids.has(child)));
    assert.equal(typeof callFrame.functionName + typeof callFrame.url, 'stringstring');
    assert.ok(Number.isInteger(callFrame.lineNumber));
  }
  assert.ok(profile.samples.length > 0 && profile.samples.every((id) => ids.has(id)));
  assert.equal(profile.timeDeltas.length, profile.samples.length);
  assert.ok(profile.endTime >= profile.startTime);
  return profile;
}

test('--cpuprofile: all samples, a file for each thread, in the lines of the sources', async () => {
  const args = ['--cpuprofile', 'cpu/all.cpuprofile', ...target('common.cjs:outer'), 'worker.cjs'];
  project.write('cpu/empty', '');
  const { code, stderr } = await project.ttprof(args);
  assert.equal(code, 0, stderr);
  assert.match(stderr, / inside common\.cjs:outer/);
  readProfile('cpu/all.cpuprofile');
  const others = readdirSync(project.path('cpu')).filter((name) => /^all-\d+-\d+\.cpuprofile$/.test(name));
  assert.equal(others.length, 1);
  const { nodes, samples } = readProfile(`cpu/${others[0]}`);
  const inner = nodes.filter(({ callFrame }) => callFrame.functionName === 'inner');
  assert.ok(inner.every(({ callFrame }) => callFrame.lineNumber === 6));
  assert.ok(inner[0]?.callFrame.url.endsWith('/common.cjs'));
  const ids = new Set(inner.map(({ id }) => id));
  assert.ok(samples.filter((id) => ids.has(id)).length > samples.length / 4);
});

test('--drill: nearly all samples while a target runs are below it', async () => {
  const args = ['--cpuprofile', 'most.cpuprofile', '--json', 'most.json', ...target('outer'), 'esm.mjs'];
  await project.ttprof(args);
  const { nodes } = readProfile('most.cpuprofile');
  // the module calls nothing else; what ttprof does at first is not the program's, and on a busy machine it takes long
  const module = nodes.find(
    ({ callFrame: { url, functionName, lineNumber } }) =>
      url.endsWith('/esm.mjs') && functionName === '' && lineNumber === 0,
  );
  const below = new Set([module!.id]);
  for (const { id, callFrame, children = [] } of nodes) {
    if (callFrame.functionName === '(ttprof)') below.delete(id);
    if (below.has(id)) for (const child of children) below.add(child);
  }
  const during = nodes.reduce((sum, { id, hitCount }) => sum + (below.has(id) ? hitCount : 0), 0);
  const { drill } = readDrilled('most.json', 'outer');
  assert.ok(drill.samples > 0.85 * during, `${drill.samples} of ${during}`);
});

test('--cpuprofile: the preload writes it too, and says where it cannot', async () => {
  const ours = ['--import', 'ttprof/register', 'esm.mjs', '--ttprof=outer'];
  await project.node([...ours, '--ttprof-cpuprofile=own.cpuprofile']);
  assert.ok(readProfile('own.cpuprofile').nodes.some(({ callFrame }) => callFrame.functionName === 'inner'));
  const { code, stderr } = await project.node([...ours, '--ttprof-cpuprofile=no/own.cpuprofile']);
  assert.equal(code, 0);
  assert.match(stderr, /cannot write --cpuprofile \S+own\.cpuprofile/);
});

test('--pprof: a run and its saved report give the same samples; without samples one line says so', async () => {
  const args = ['--pprof', 'run.pb.gz', '--json', 'p.json', ...target('outer'), 'esm.mjs'];
  const { code, stderr } = await project.ttprof(args);
  assert.equal(code, 0, stderr);
  const again = await project.ttprof(['report', 'p.json', '--pprof', 'again.pb.gz']);
  assert.equal(again.code, 0, again.stderr);
  const [own, saved] = ['run.pb.gz', 'again.pb.gz'].map((name) =>
    Profile.decode(gunzipSync(readFileSync(project.path(name)))),
  );
  assert.ok(own!.stringTable.strings.includes('inner'));
  assert.equal(own!.sample.length, saved!.sample.length);
  await project.ttprof(['--json', 'plain.json', ...target('outer'), 'esm.mjs']);
  const none = await project.ttprof(['report', 'plain.json', '--pprof', 'none.pb.gz']);
  assert.match(none.stderr, /cannot write --pprof none\.pb\.gz: there are no samples: measure with --drill/);
});

test('without --drill nothing of it is loaded', async () => {
  project.write(
    'loaded.mjs',
    `function f() {}\nf();\nconsole.log(process.moduleLoadList.filter((name) => /inspector/.test(name)).length);\n`,
  );
  const plain = await project.node(['loaded.mjs']);
  const measured = await project.ttprof(['-t', 'f', 'loaded.mjs']);
  const drilled = await project.ttprof(['--drill', '-t', 'f', 'loaded.mjs']);
  assert.equal(measured.stdout, plain.stdout);
  assert.notEqual(drilled.stdout, plain.stdout);
});

test('--drill: an interval below 50 µs and --fail-if-slower are refused', async () => {
  const short = await project.ttprof(['--drill', '--drill-interval', '20', ...target('outer'), 'esm.mjs']);
  assert.equal(short.code, 2);
  assert.match(short.stderr, /at least 50/);
  const gate = await project.ttprof([
    '--drill',
    '--fail-if-slower',
    '5',
    '-x',
    ...target('inner', 'outer'),
    'esm.mjs',
  ]);
  assert.equal(gate.code, 2);
  assert.match(gate.stderr, /--drill/);
});
