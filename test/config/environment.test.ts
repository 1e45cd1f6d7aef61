import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '../../dist/config/environment.js';
import type { Layer } from '../../dist/config/layer.js';
import { type Command, defaultSettings, OPTIONS } from '../../dist/config/options.js';
import { readCommandSettings, readSettings } from '../../dist/config/read-config.js';
import { TtprofError } from '../../dist/shared/errors.js';

test('targets are separated by white space or commas outside braces', () => {
  const { layer } = readEnvironment({ TTPROF: ' a.js:f,b.js:g\n src/{c,d}.js:h ' });
  assert.deepEqual(layer, { targets: ['a.js:f', 'b.js:g', 'src/{c,d}.js:h'] });
});

test('switches are 1 and true, 0 and false; empty values count as missing', () => {
  const env = {
    TTPROF_COMPARE: '1',
    TTPROF_CPU: 'true',
    TTPROF_STRICT: '0',
    TTPROF_RAW: 'false',
    TTPROF_QUIET: '',
  };
  assert.deepEqual(readEnvironment(env).layer, { compare: true, cpu: true, strict: false, raw: false });
  assert.deepEqual(readEnvironment({ TTPROF: '', TTPROF_JSON: '', TTPROF_SAMPLE: ' ' }).layer, {});
});

test('the name of a switch that says no is without the no', () => {
  assert.deepEqual(readEnvironment({ TTPROF_CACHE: '0' }).layer, { cache: false });
  assert.deepEqual(readEnvironment({ TTPROF_CACHE: '1' }).layer, { cache: true });
});

test('a value that cannot be used names the variable and the value', () => {
  const refuse = (env: NodeJS.ProcessEnv, message: string) =>
    assert.throws(() => readEnvironment(env), new TtprofError(message));
  refuse({ TTPROF_COMPARE: 'yes' }, 'TTPROF_COMPARE: expected 1 or 0, got "yes"');
  refuse({ TTPROF_TOP: 'ten' }, 'TTPROF_TOP: expected a whole number of at least 0, got "ten"');
});

test('an unknown TTPROF_* name gets one warning, other names none', () => {
  const { warnings } = readEnvironment({
    TTPROF_SAMPEL: '3',
    TTPROFILE: '1',
    TTPROF_SESSION: '/x',
    HOME: '/',
  });
  assert.deepEqual(warnings, [
    "the environment variable TTPROF_SAMPEL is not one of ttprof's and has no effect: did you mean TTPROF_SAMPLE?",
  ]);
});

test('names made of flags that the environment does not have say what to use', () => {
  const hintOf = (name: string) => readEnvironment({ [name]: '1' }).warnings.map((one) => one.split(': ')[1]);
  assert.deepEqual(hintOf('TTPROF_RUNS'), ["use 'ttprof --runs'"]);
  assert.deepEqual(hintOf('TTPROF_GOOD'), ["use 'ttprof bisect --good'"]);
  assert.deepEqual(hintOf('TTPROF_TARGET'), ['did you mean TTPROF?']);
  assert.deepEqual(hintOf('TTPROF_NO_CACHE'), ['did you mean TTPROF_CACHE=0?']);
});

test('what only some commands take means nothing to the others, whatever it says', () => {
  const env = { TTPROF_TURNS: 'module', TTPROF_BUDGET: '12' };
  assert.deepEqual(readEnvironment(env), { layer: {}, warnings: [] });
  assert.deepEqual(readEnvironment(env, 'ab').layer, { turns: 'module', budgetSeconds: 12 });
  assert.throws(() => readEnvironment({ TTPROF_TURNS: 'on' }, 'bisect'), /^TtprofError: TTPROF_TURNS/);
});

test('an option that does nothing without another one says so, by the name that it was given', () => {
  const warningsOf = (args: readonly string[], env: NodeJS.ProcessEnv, command: Command = 'run') =>
    readCommandSettings(args, command, env, '/').warnings;
  const noDrill = 'it has no effect without --drill';
  assert.deepEqual(warningsOf(['--drill-interval', '200'], {}), [`--drill-interval: ${noDrill}`]);
  assert.deepEqual(warningsOf([], { TTPROF_DRILL_INTERVAL: '200' }), [`TTPROF_DRILL_INTERVAL: ${noDrill}`]);
  const afterScript = readSettings({ drillIntervalUs: 200 }, '--ttprof', {}, '/');
  assert.deepEqual(afterScript.warnings, [`--ttprof-drill-interval: ${noDrill}`]);
  assert.deepEqual(warningsOf(['--drill-interval', '200', '--pprof', 'p'], {}), []);
  assert.deepEqual(warningsOf(['--drill-interval', '200'], { TTPROF_DRILL: '1' }), []);

  const comparison = "--compare (-x), --baseline FILE or 'ttprof ab'";
  assert.deepEqual(warningsOf(['--margin', '5'], {}), [`--margin: it has no effect without ${comparison}`]);
  assert.deepEqual(warningsOf(['--margin', '5', '-x'], {}), []);
  // set once for a whole job, of which some steps compare
  assert.deepEqual(warningsOf([], { TTPROF_MARGIN: '5', TTPROF_COLUMNS: 'median,delta' }), []);
  assert.deepEqual(warningsOf(['--margin', '5', '1'], {}, 'timeit'), []);

  assert.deepEqual(warningsOf(['--columns', 'cpu,alloc,delta', '--sort', 'cpu'], {}), [
    '--sort: cpu is not measured without --cpu',
    `--columns: cpu is not measured without --cpu, alloc is not measured without --alloc, delta is empty without ${comparison}`,
  ]);
  assert.deepEqual(warningsOf(['--columns', 'cpu,alloc,delta', '--cpu', '--alloc', '-x'], {}), []);
  assert.deepEqual(warningsOf(['--columns', 'cpu', 'saved.json'], {}, 'report'), []);
});

test('what a command refuses with a reason does not go unsaid in the environment', () => {
  const { layer, warnings } = readEnvironment({ TTPROF_DRILL: '1', TTPROF_CPUPROFILE: 'x' }, 'bisect');
  assert.deepEqual(layer, {});
  assert.deepEqual(warnings, [
    "TTPROF_DRILL has no effect on 'ttprof bisect': times under --drill give no verdicts, and it needs one of each revision",
  ]);
  assert.deepEqual(readEnvironment({ TTPROF_DRILL: '0' }, 'bisect').warnings, []);
});

test('an option whose value can be left out is a switch, too', () => {
  assert.deepEqual(readEnvironment({ TTPROF_CALLERS: 'true', TTPROF_CALLEES: '2' }).layer, {
    callers: 5,
    callees: 2,
  });
  assert.deepEqual(readEnvironment({ TTPROF_CALLERS: '0', TTPROF_CALLEES: 'false' }).layer, {});
});

test('the command line overrides the environment, targets add up', () => {
  const env = { TTPROF: 'a', TTPROF_SAMPLE: '8', TTPROF_LABEL: 'env', TTPROF_CACHE: '0' };
  const { settings, rest } = readCommandSettings(['-t', 'b', '--sample', '2', 'app.js'], 'run', env, '/');
  assert.deepEqual(settings.targets, ['a', 'b']);
  assert.equal(settings.sample, 2);
  assert.equal(settings.label, 'env');
  assert.equal(settings.cache, false);
  assert.deepEqual(rest, ['app.js']);
});

test('options and values that contradict each other are refused', () => {
  const refuse = (layer: Layer, message: RegExp) =>
    assert.throws(() => readSettings(layer, '--target', {}, '/'), message);
  refuse(
    { compare: true, baseline: 'old.json' },
    /^TtprofError: --compare \(-x\) and --baseline "old.json" exclude/,
  );
  refuse({ json: '-', markdown: '-' }, /^TtprofError: --json - and --markdown - both want stdout/);
  refuse({ failIfSlowerPercent: 5 }, /^TtprofError: --fail-if-slower 5 needs something to compare with/);
  refuse({ targets: ['src/lib.js:'] }, /^TtprofError: --target: .*`src\/lib.js:`/);
});

test('a target that cannot be parsed names where it comes from', () => {
  assert.throws(
    () => readSettings({}, '--target', { TTPROF: 'a.js:' }, '/'),
    /^TtprofError: TTPROF: .*`a.js:`/,
  );
});

test('a command reads only the names of its options', () => {
  const env = { TTPROF: 'a.js:', TTPROF_SAMPLE: 'x', TTPROF_FAIL_IF_SLOWER: '5', TTPROF_TOP: '3' };
  assert.equal(readCommandSettings(['a.js'], 'list', env, '/').settings.failIfSlowerPercent, null);
  // saved runs may hold what they are compared with
  assert.equal(readCommandSettings(['a.json'], 'report', env, '/').settings.failIfSlowerPercent, 5);
  assert.throws(
    () => readCommandSettings(['a.js'], 'run', { ...env, TTPROF: 'f', TTPROF_SAMPLE: '2' }, '/'),
    /--fail-if-slower 5/,
  );
});

test('each option is declared once', () => {
  for (const field of ['key', 'flag', 'short', 'environment'] as const) {
    const values = OPTIONS.map((option) => option[field]).filter((value) => value !== undefined);
    assert.equal(new Set(values).size, values.length, field);
  }
  assert.equal(Object.keys(defaultSettings()).length, OPTIONS.length);
});
