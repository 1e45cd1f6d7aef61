import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Project, type RunOptions } from './project.js';

/** Each call is written down with the time of its start and end, in memory until the program ends. */
const LIB = String.raw`
  const { appendFileSync } = require('node:fs');
  const log = [];
  process.on('exit', () => appendFileSync(process.env.LOG, log.map((line) => line + '\n').join('')));
  const spin = (rounds) => { let sum = 0; for (let i = 0; i < rounds; i++) sum += Math.sqrt(i); return sum };
  exports.outer = function outer(n) {
    const start = process.hrtime.bigint();
    exports.inner(n);
    log.push(VERSION + ' ' + start + ' ' + process.hrtime.bigint());
  };
  exports.inner = function inner(n) { return spin(n) };
  exports.wait = async function wait(n) {
    const start = process.hrtime.bigint();
    await new Promise((resolve) => setImmediate(resolve));
    spin(n);
    log.push(VERSION + ' ' + start + ' ' + process.hrtime.bigint());
  };
  exports.slow = function slow() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60) };
`;
const APP = `
  const lib = require('./lib.cjs');
  const { appendFileSync } = require('node:fs');
  const version = lib.version;
  const [kind, calls = '200'] = process.argv.slice(2);
  appendFileSync(process.env.STARTED, version + ' ');
  const main = async () => {
    const started = require('node:fs').readFileSync(process.env.STARTED, 'utf8').trim().split(' ').length;
    if (kind === 'once' && version === 'new' && (started === 3 || started === 4)) return lib.outer(50);
    if (kind === 'fewer' && version === 'new') return lib.outer(50);
    for (let i = 0; i < Number(calls); i++) {
      if (kind === 'wait') await lib.wait(500);
      else if (kind === 'slow') lib.slow();
      else lib.outer(500);
      if (i === 90 && version === 'new') {
        if (kind === 'throw') throw new Error('thrown on purpose');
        if (kind === 'exit') process.exit(9);
        if (kind === 'term') process.kill(process.pid, 'SIGTERM'), await new Promise((r) => setTimeout(r, 1e6));
        if (kind === 'kill') process.kill(process.pid, 'SIGKILL');
        if (kind === 'hang') for (;;);
      }
      if (kind === 'patient' && i === 90 && version === 'new') {
        const { readFileSync } = require('node:fs');
        while (!readFileSync(process.env.LOG, 'utf8').includes('old')) await new Promise((r) => setTimeout(r, 20));
      }
      if (kind === 'later' && i === 90 && version === 'new') {
        const { readFileSync } = require('node:fs');
        if (readFileSync(process.env.STARTED, 'utf8').split(' ').length > 2 * 2) for (;;);
      }
      if (kind === 'orphan' && i === 90 && version === 'new') process.kill(process.ppid, 'SIGKILL');
      if (kind === 'ready' && i === 90 && version === 'new') { console.log('ready'); for (;;); }
    }
    if (kind === 'thread') {
      const { Worker } = require('node:worker_threads');
      await new Promise((resolve) => new Worker(require.resolve('./worker.cjs')).on('exit', resolve));
    }
    if (kind === 'child') require('node:child_process').execFileSync(process.execPath, [__filename, 'calls', '1']);
    if (kind === 'flags') {
      const [seed = 'none'] = require('node:fs').readFileSync('/proc/self/cmdline', 'utf8').match(/--hash-seed=\\d+/) ?? [];
      appendFileSync(process.env.STARTED, seed + ' ');
      console.log(JSON.stringify(process.execArgv));
    }
    console.log('done ' + process.argv.slice(2).join(' '));
  };
  if (kind === 'port') require('node:net').createServer().listen(Number(process.env.PORT), '127.0.0.1', async function () { await main(); this.close() });
  else main();
`;

let project: Project;
before(async () => {
  project = await Project.create({
    'now/app.cjs': APP,
    'now/lib.cjs': `const VERSION = 'new';\nexports.version = VERSION;${LIB}`,
    'now/worker.cjs': "require('./lib.cjs').outer(1);",
    'base/worker.cjs': "require('./lib.cjs').outer(1);",
    'base/app.cjs': APP,
    'base/lib.cjs': `const VERSION = 'old';\nexports.version = VERSION;${LIB}`,
  });
});
after(() => project.remove());

async function ab(args: readonly string[], options: RunOptions = {}) {
  const finished = await run(args, options);
  assert.deepEqual(readdirSync(project.path('tmp')), ['x'], 'nothing is left behind');
  return finished;
}

function run(args: readonly string[], options: RunOptions = {}) {
  project.write('log', '');
  project.write('started', '');
  project.write('tmp/x', '');
  const temporary = project.path('tmp');
  return project.ttprof(['ab', '--base', '../base', '-t', 'lib.cjs:*', ...args], {
    cwd: 'now',
    ...options,
    env: {
      LOG: project.path('log'),
      STARTED: project.path('started'),
      TMPDIR: temporary,
      TEMP: temporary,
      ...options.env,
    },
  });
}

/** How many calls of one side came before the other side's next one, over and over. */
function readTurns(): number[] {
  const calls = project
    .read('log')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([version, start, end]) => ({ version, start: BigInt(start!), end: BigInt(end!) }))
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  const turns: number[] = [];
  for (const [at, call] of calls.entries()) {
    const last = calls[at - 1];
    if (last) assert.ok(last.end <= call.start, 'no two calls at the same time');
    if (last?.version === call.version) turns[turns.length - 1]!++;
    else turns.push(1);
  }
  return turns;
}

describe('pairs take turns', () => {
  for (const kind of ['calls', 'wait']) {
    test(`of 20 outermost calls, in an order that is drawn: ${kind}`, async () => {
      const { code, stdout, stderr } = await ab(['--runs', '1', '--json', 'ab.json', 'app.cjs', kind]);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `done ${kind}\n`, 'the output of one side is shown');
      assert.doesNotMatch(stderr, /did not take turns/);
      const turns = readTurns();
      // a side that ends one turn and leads the next makes 40 calls in a row
      for (const calls of turns) assert.ok(calls === 20 || calls === 40, turns.join(' '));
      assert.equal(
        turns.reduce((sum, calls) => sum + calls, 0),
        400,
      );
      const names = kind === 'wait' ? ['wait'] : ['outer', 'inner'];
      const counts = project.readCalls('now/ab.json');
      for (const name of names) assert.equal(counts[`lib.cjs:${name}`], 200);
    });
  }

  test('waiting is in no sample', async () => {
    const { code, stderr } = await ab(['--runs', '1', '--json', 'ab.json', 'app.cjs', 'wait', '400']);
    assert.equal(code, 0, stderr);
    const { functions } = project.readReport('now/ab.json') as unknown as {
      functions: { name: string; total_ns: number; calls: number }[];
    };
    const { total_ns: totalNs } = functions.find(({ name }) => name === 'lib.cjs:wait')!;
    const inTurns = project
      .read('log')
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('new'));
    const ownNs = inTurns.map((line) => line.split(' ').slice(1).map(Number));
    const spentNs = ownNs.reduce((sum, [start, end]) => sum + (end! - start!), 0);
    // what the program itself saw of its calls, and no more than a little for the calls' beginning and end
    assert.ok(totalNs < spentNs * 1.5 + 1e6, `${totalNs} of ${spentNs}`);
  });
});

test('maps and objects find their keys alike on both sides of a pair, and the program sees no flag of ours', {
  skip: process.platform !== 'linux',
}, async () => {
  const { code, stdout, stderr } = await ab(['--runs', '2', 'app.cjs', 'flags']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\[\]\n/);
  const seeds = project
    .read('started')
    .split(' ')
    .filter((word) => word.startsWith('--'));
  assert.equal(seeds.length, 4);
  assert.equal(new Set(seeds).size, 2, 'each pair draws');
  assert.equal(seeds[0], seeds[1]);
  assert.equal(seeds[2], seeds[3]);
});

describe('where one side ends early the other goes on', () => {
  const bothStarted = () =>
    assert.deepEqual(project.read('started').trim().split(' ').sort(), ['new', 'old']);

  for (const [kind, code] of [
    ['throw', 1],
    ['exit', 9],
  ] as const) {
    test(kind, async () => {
      const finished = await ab(['--runs', '2', 'app.cjs', kind]);
      assert.equal(finished.code, code, finished.stderr);
      assert.match(finished.stderr, new RegExp(`pair 1 \\(now\\) failed with exit code ${code}`));
      // again alone, as it may have failed because of the other
      assert.equal(project.read('started').trim().split(' ').length, 4);
    });
  }

  for (const [kind, signal] of [
    ['term', 'SIGTERM'],
    ['kill', 'SIGKILL'],
  ] as const) {
    test(kind, async () => {
      const finished = await ab(['--runs', '2', 'app.cjs', kind]);
      assert.equal(finished.signal, signal, finished.stderr);
      assert.match(finished.stderr, new RegExp(`pair 1 \\(now\\) was ended by ${signal}`));
    });
  }

  test('fewer calls', async () => {
    const { code, stderr } = await ab(['--runs', '1', 'app.cjs', 'fewer']);
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /did not take turns, because the two versions do not call the targets equally often/,
    );
    bothStarted();
  });

  test('fewer calls in one pair, which is made again', async () => {
    const { code, stderr } = await ab(['--runs', '2', 'app.cjs', 'once']);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /did not take turns/);
    assert.equal(project.read('started').trim().split(' ').length, 6);
  });

  test('ttprof ab itself: both go on, and nobody waits for ever', async () => {
    const calls = 1000;
    await run(['app.cjs', 'orphan', String(calls)]);
    const deadline = Date.now() + 60_000;
    while (project.read('log').split('\n').length <= 2 * calls) {
      assert.ok(Date.now() < deadline, 'both come to their end');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    rmSync(project.path('tmp'), { recursive: true });
  });

  test('one that hangs is ended when the budget is used up', async () => {
    const { signal, stderr } = await ab(['--budget', '1', 'app.cjs', 'hang']);
    assert.equal(signal, 'SIGKILL', stderr);
    assert.match(stderr, /pair 1 was ended, because it hung and the budget of 1 s was used up/);
  });

  test('one that hangs in a later pair leaves what the pairs before it say', async () => {
    const { code, stderr } = await ab(['--budget', '8', '--margin', '300', 'app.cjs', 'later']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /pair 2 was ended, because it hung and the budget of 8 s was used up/);
    assert.match(stderr, /outer\(\) +200 /);
  });

  test('Ctrl-C ends both', async () => {
    const finished = await ab(['--runs', '5', 'app.cjs', 'ready'], {
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
    });
    assert.equal(finished.signal, 'SIGINT', finished.stderr);
    assert.deepEqual(project.read('started').trim().split(' ').sort(), ['new', 'old']);
  });
});

describe('what cannot take turns runs one after the other, and a note says why', () => {
  test('a turn of more than a second', async () => {
    const { code, stderr } = await ab(['--runs', '1', 'app.cjs', 'slow', '45']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /did not take turns, because 20 calls of the targets take more than a second/);
  });

  test('one that waits for what the other one does not do before its turn', async () => {
    const { code, stderr } = await ab(['--runs', '1', 'app.cjs', 'patient']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /did not take turns, because one waited in vain for the other/);
    // once freed both ended; and again, one after the other
    assert.equal(project.read('started').trim().split(' ').length, 4);
  });

  test('worker threads that call targets', async () => {
    const { code, stderr } = await ab(['--runs', '1', 'app.cjs', 'thread']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /did not take turns, because worker threads call the targets/);
  });

  test('child processes that call targets', async () => {
    const { code, stderr } = await ab(['--runs', '1', 'app.cjs', 'child']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /did not take turns, because several processes call the targets/);
  });

  test('programs that cannot run at the same time', async () => {
    const env = { PORT: String(20_000 + (process.pid % 20_000)) };
    const { code, stderr } = await ab(['--runs', '1', 'app.cjs', 'port'], { env });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /did not take turns, because the two versions cannot run at the same time/);
  });

  test('calls that are drawn at random', async () => {
    const { code, stderr } = await ab(['--runs', '1', '--sample', '2', 'app.cjs', 'calls']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /did not take turns, because --sample draws/);
  });
});

test('without --runs it looks after 7, 10, 14, 20 and 30 pairs, and stops where all is decided', async () => {
  const { code, stderr } = await ab(['--margin', '300', '--json', 'ab.json', 'app.cjs', 'calls']);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /did not take turns/);
  const { run, functions } = project.readReport('now/ab.json');
  const looks = [7, 10, 14, 20, 30];
  assert.ok(looks.includes(run.runs), `${run.runs} pairs\n${stderr}`);
  const verdicts = functions.flatMap(({ delta }) => (delta === null ? [] : [delta.verdict]));
  assert.ok(verdicts.length > 0);
  // how soon they are decided is a matter of the machine: on a busy one, one pair in seven can be far out
  if (run.runs < looks.at(-1)!) assert.ok(!verdicts.includes('unsure'), `${verdicts}\n${stderr}`);
});
