import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommandLine } from '../../dist/config/command-line.js';
import type { Layer } from '../../dist/config/layer.js';
import type { Command } from '../../dist/config/options.js';
import { TtprofError } from '../../dist/shared/errors.js';

const read: [string[], Layer, string[]][] = [
  [['app.js'], {}, ['app.js']],
  [['-t', 'f', 'app.js'], { targets: ['f'] }, ['app.js']],
  [['-tf', 'app.js'], { targets: ['f'] }, ['app.js']],
  [['--target', 'f', '--target=g:h', '-t', 'i', 'app.js'], { targets: ['f', 'g:h', 'i'] }, ['app.js']],
  [['-xt', 'f', 'app.js'], { compare: true, targets: ['f'] }, ['app.js']],
  [['-t', '!src/**:*', 'app.js'], { targets: ['!src/**:*'] }, ['app.js']],
  // options end at the first positional argument
  [
    ['-t', 'f', 'app.js', '-t', 'g', '--json', '--nope'],
    { targets: ['f'] },
    ['app.js', '-t', 'g', '--json', '--nope'],
  ],
  [['-t', 'f', '--', 'npm', 'test', '--', '-x'], { targets: ['f'] }, ['npm', 'test', '--', '-x']],
  [['-t', 'f', '--', '-x'], { targets: ['f'] }, ['-x']],
  [['-t', 'f', '-'], { targets: ['f'] }, ['-']],
  [['--json', '-', '--label', '--quiet', 'app.js'], { json: '-', label: '--quiet' }, ['app.js']],
  [['--no-cache', '--strict', '--cpu'], { cache: false, strict: true, cpu: true }, []],
  [['--margin', '2.5', '--fail-if-slower=5%'], { marginPercent: 2.5, failIfSlowerPercent: 5 }, []],
  [['--sample', '64', '--sample=32', '--warmup', '0'], { sample: 32, warmup: 0 }, []],
  [['--interval', '.5', '--top', '10'], { intervalSeconds: 0.5, top: 10 }, []],
];

for (const [args, layer, rest] of read) {
  test(`reads ${args.join(' ')}`, () => {
    assert.deepEqual(readCommandLine(args, 'run'), { layer, rest });
  });
}

const wrong: [string[], string, Command?][] = [
  [['--nope'], "unknown option --nope: see 'ttprof --help'"],
  [['--nope=3', 'app.js'], 'unknown option --nope in "--nope=3": see \'ttprof --help\''],
  [['--jsn', 'x'], 'unknown option --jsn: did you mean --json?'],
  [['--taget=f'], 'unknown option --taget in "--taget=f": did you mean --target?'],
  [['-json', 'x'], 'unknown option -j in "-json": did you mean --json?'],
  [['-q'], "unknown option -q: see 'ttprof --help'"],
  [['-xq'], 'unknown option -q in "-xq": see \'ttprof --help\''],
  [['-t'], '-t needs a value: -t T'],
  [['--json'], '--json needs a value: --json FILE'],
  [['--json='], '--json: expected a value, got ""'],
  [['--compare=yes'], '--compare takes no value, got "yes"'],
  [['--sample', 'abc'], '--sample: expected a whole number of at least 1, got "abc"'],
  [['--sample=0'], '--sample: expected a whole number of at least 1, got "0"'],
  [['--sample=1.5'], '--sample: expected a whole number of at least 1, got "1.5"'],
  [['--sample=0x10'], '--sample: expected a whole number of at least 1, got "0x10"'],
  [['--warmup=-1'], '--warmup: expected a whole number of at least 0, got "-1"'],
  [['--margin=two'], '--margin: expected a percentage of at least 0, got "two"'],
  [['--pprof', '-'], '--pprof: expected a file: only --json and --markdown write to stdout, got "-"'],
  [['--margin=-2'], '--margin: expected a percentage of at least 0, got "-2"'],
  [['--interval=0'], '--interval: expected seconds above 0 and up to 2147483, got "0"'],
  [['--interval=1e9'], '--interval: expected seconds above 0 and up to 2147483, got "1e9"'],
  [['--base', 'main'], "--base is an option of 'ttprof ab', not of 'ttprof'"],
  [
    ['--baseline', 'x.json'],
    "--baseline is an option of 'ttprof' and 'ttprof report', not of 'ttprof ab'",
    'ab',
  ],
  [
    ['--drill'],
    "--drill is an option of 'ttprof' and 'ttprof ab', not of 'ttprof bisect': times under --drill give no verdicts, and it needs one of each revision",
    'bisect',
  ],
  [
    ['--drill-interval', '500'],
    "--drill-interval is an option of 'ttprof' and 'ttprof ab', not of 'ttprof bisect': times under --drill give no verdicts, and it needs one of each revision",
    'bisect',
  ],
];

for (const [args, message, command = 'run'] of wrong) {
  test(`refuses ${args.join(' ')} in one line`, () => {
    assert.throws(() => readCommandLine(args, command), new TtprofError(message));
    assert.ok(!message.includes('\n'));
  });
}
