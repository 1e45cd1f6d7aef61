import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from '../clean-environment.js';
import { runToEnd } from '../run-to-end.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const command = join(root, 'lib', 'cli.js');
const tsx = join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist', 'cli.mjs');

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function node(args: readonly string[], env: Record<string, string> = {}): Ended {
  const { stdout, stderr, status } = runToEnd(process.execPath, args, {
    cwd: root,
    env: { ...cleanEnvironment(), NO_COLOR: '1', ...env },
  });
  return { stdout, stderr, status };
}

/** The calls of each function in a report, by the end of its name. */
function callsIn(stderr: string): Record<string, number> {
  const rows = stderr.matchAll(/^ \S*[/:]([\w./]+:)?(\S+)\(\) +([\d,]+) /gm);
  return Object.fromEntries(
    [...rows].map(([, , name, calls]) => [name!, Number(calls!.replaceAll(',', ''))]),
  );
}

/** What examples/README.md says about an example, as arguments of Node. */
function commandOf(example: string): string[] {
  const row = readFileSync(join(root, 'examples', 'README.md'), 'utf8')
    .split('\n')
    .find((line) => line.includes(`](${example}`))!;
  const text = row.match(/`([^`]+)` \|$/)![1]!;
  return text
    .split(' ')
    .map((word) => word.replace(/^'(.*)'$/, '$1'))
    .flatMap((word, at, words) => {
      if (word === 'npx' || (word === 'node' && at === 0)) return [];
      if (word === 'ttprof' && words[at - 1] === 'npx') return [command];
      return word === 'tsx' ? ['node', tsx] : [word];
    });
}

describe('the examples', () => {
  /** The command of a seed, its report as JSON. */
  function measureSeed(
    seed: string,
  ): Record<string, { calls: number; outermost_calls: number; cpu_ns: number }> {
    const [cli, ...args] = commandOf(`seeds/${seed}`);
    const { stdout, stderr, status } = node([cli!, '--quiet', '--json', '-', ...args]);
    assert.equal(status, 0, stderr);
    const { functions } = JSON.parse(stdout.slice(stdout.indexOf('{')));
    return Object.fromEntries(functions.map((row: { name: string }) => [row.name.replace(/^.*:/, ''), row]));
  }

  it('seeds/sleeper.js: asleep and computing come out apart', () => {
    const { sleeper, spinlock } = measureSeed('sleeper');
    assert.ok(sleeper!.cpu_ns < spinlock!.cpu_ns / 20, `${sleeper!.cpu_ns} and ${spinlock!.cpu_ns}`);
  });

  it('seeds/fib.js: every call of a recursion is counted, and the one from outside', () => {
    const { fib } = measureSeed('fib');
    assert.deepEqual([fib!.calls, fib!.outermost_calls], [29_860_703, 1]);
  });

  it('seeds/pi.js: exact counts of three functions', () => {
    const rows = measureSeed('pi');
    const counts = ['estimatePi', 'isInside', 'createRandom.<anonymous>'].map((name) => rows[name]!.calls);
    assert.deepEqual(counts, [1, 1_000_000, 2_000_000]);
  });

  it('seeds/divisors.js: the calls of two threads are one row', () => {
    assert.equal(measureSeed('divisors').findDivisors!.calls, 2);
  });

  it('script: the same two rows as those of the command', () => {
    const { stderr, status } = node(commandOf('script/'));
    assert.equal(status, 0, stderr);
    assert.deepEqual(callsIn(stderr), { before: 100, after: 100 });
    assert.match(stderr, /:after\(\) .* -\d\d\.\d% \[-[\d.]+, -[\d.]+\] faster/);
    const fromCommand = node(['lib/cli.js', '-x', '-t', 'before', '-t', 'after', 'examples/before-after.js']);
    assert.deepEqual(callsIn(fromCommand.stderr), { before: 100, after: 100 });
  });

  it('http-server: every request of the load is counted', () => {
    const { stdout, stderr, status } = node(commandOf('http-server/'));
    assert.equal(status, 0, stderr);
    assert.equal(stdout, '/7: 400 requests, 0 errors\n/search?word=49: 400 requests, 0 errors\n');
    assert.deepEqual(callsIn(stderr), { showArticle: 400, search: 400 });
  });

  it('workers: one row for all of them', () => {
    const { stdout, stderr, status } = node(commandOf('workers/'));
    assert.equal(status, 0, stderr);
    assert.equal(stdout, '17984 primes below 200000\n');
    assert.deepEqual(callsIn(stderr), { countPrimes: 40 });
  });

  it('typescript: methods by name, decorated methods and a run inside', () => {
    const { stderr, status } = node(commandOf('typescript/'));
    assert.equal(status, 0, stderr);
    const calls = callsIn(stderr);
    assert.deepEqual(
      [calls.scan, calls.lookUp, calls['Index.constructor'], calls['Index.find'], calls['Index.longestWord']],
      [200, 200, 1, 204, 1],
    );
  });

  it('ci-gate: passes what is as fast, and stops what is slower with exit code 3', () => {
    const passed = node(commandOf('ci-gate/'));
    assert.equal(passed.status, 0, passed.stdout + passed.stderr);
    const stopped = node(commandOf('ci-gate/'), { SLOWER: '1' });
    assert.equal(stopped.status, 3, stopped.stdout + stopped.stderr);
    assert.match(stopped.stderr, /sortNumbers\(\) .*slower/);
  });
});
