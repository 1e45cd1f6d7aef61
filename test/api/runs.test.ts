import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type TextOutput, TtprofError, tprof } from '../../dist/index.js';
import { fromJson } from '../../dist/report/formats/json/read-json.js';
import { makeFolder } from '../temporary-folder.js';

const quiet = { quiet: true } as const;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A stream that keeps what is written. */
function collect(): TextOutput & { text: string } {
  return {
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

function add(a: number, b: number) {
  return a + b;
}

describe('tprof() with functions', () => {
  it('gives stand-ins and fills the results when the run ends', () => {
    const run = tprof({ add, twice: (a: number) => 2 * a }, quiet);
    const { results } = run;
    assert.equal(run.fn.add(1, 2), 3);
    assert.equal(run.fn.add(2, 2), 4);
    assert.equal(results.length, 0);
    assert.equal(run.end(), results);
    assert.deepEqual(
      results.map(({ name, target, calls }) => [name, target, calls]),
      [
        ['.test-build/api/runs.test.js:add', 'add', 2],
        ['.test-build/api/runs.test.js:twice', 'twice', 0],
      ],
    );
    assert.equal(results[1]!.medianNs, null);
    assert.ok(results[0]!.totalNs >= 0);
  });

  it('can be taken apart', () => {
    const { fn, end, results } = tprof({ add }, quiet);
    fn.add(1, 2);
    assert.equal(end(), results);
    assert.equal(results[0]!.calls, 1);
  });

  it('freezes the results all the way down and holds no typed arrays', () => {
    const run = tprof({ add }, quiet);
    run.fn.add(1, 2);
    const check = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      assert.ok(Object.isFrozen(value));
      assert.ok(!ArrayBuffer.isView(value));
      Object.values(value).forEach(check);
    };
    check(run.end());
    assert.deepEqual(run.results[0]!.series[0]!.durationNs.length, 1);
  });

  it('prints to the stream that it is given, with the label', () => {
    const out = collect();
    const run = tprof({ add }, { out, label: 'sums' });
    run.fn.add(1, 2);
    run.end();
    assert.match(out.text, /^🎯 ttprof results @ sums:\n function/);
    assert.match(out.text, /runs\.test\.js:add\(\)/);
  });

  it('may be ended and disposed more than once: only the first time counts', () => {
    const out = collect();
    const run = tprof({ add }, { out });
    run.fn.add(1, 2);
    const results = run.end();
    const printed = out.text;
    run.fn.add(1, 2); // still adds, unmeasured
    run[Symbol.dispose]();
    assert.equal(run.end(), results);
    assert.equal(results[0]!.calls, 1);
    assert.equal(out.text, printed);
  });

  it('passes on what the body returns or throws, and says that the block failed', () => {
    const outcome = tprof({ add }, quiet, ({ add }) => add(1, 2));
    assert.equal(outcome.value, 3);
    assert.equal(outcome.results[0]!.calls, 1);
    const out = collect();
    const error = new RangeError('too far');
    assert.throws(
      () =>
        tprof({ add }, { out }, ({ add }) => {
          add(1, 2);
          throw error;
        }),
      (thrown) => thrown === error,
    );
    assert.match(out.text, /note: the measured block failed: RangeError: too far/);
  });

  it('passes on what no text can be made of', () => {
    const out = collect();
    const thrown: unknown = Object.create(null);
    const body = () => {
      throw thrown;
    };
    assert.throws(
      () => tprof({ add }, { out }, body),
      (error) => error === thrown,
    );
    assert.match(out.text, /note: the measured block failed: an object/);
  });

  it('waits for a body that returns a promise', async () => {
    const { value, results } = await tprof({ sleep }, quiet, async ({ sleep }) => {
      await sleep(1);
      return 'rested';
    });
    assert.equal(value, 'rested');
    assert.equal(results[0]!.calls, 1);
    const out = collect();
    await assert.rejects(
      tprof({ add }, { out }, async () => Promise.reject(new Error('later'))),
      /later/,
    );
    assert.match(out.text, /the measured block failed: Error: later/);
  });

  it('compares with the first function', () => {
    // far longer than what measuring costs: calls of no length have no delta
    const work = () => Array.from({ length: 1000 }, (_, i) => i).reduce(add);
    const { results } = tprof({ a: () => work(), b: () => work() }, { compare: true, ...quiet }, (fn) => {
      for (let i = 0; i < 200; i++) {
        fn.a();
        fn.b();
      }
    });
    assert.equal(results[0]!.delta, null);
    assert.equal(results[1]!.delta!.against, results[0]!.name);
    assert.equal(typeof results[1]!.delta!.percent, 'number');
  });

  it('counts calls under `sample`, and times one in so many', () => {
    const { results } = tprof({ add }, { sample: 10, ...quiet }, ({ add }) => {
      for (let i = 0; i < 1000; i++) add(i, i);
    });
    assert.equal(results[0]!.calls, 1000);
    assert.ok(results[0]!.timedCalls < 1000);
    assert.ok(results[0]!.timedCalls > 0);
  });

  it('records CPU time where it is asked to', () => {
    const { results } = tprof({ add }, { cpu: true, ...quiet }, ({ add }) => add(1, 2));
    assert.equal(typeof results[0]!.cpuNs, 'number');
    assert.equal(tprof({ add }, quiet, ({ add }) => add(1, 2)).results[0]!.cpuNs, null);
  });
});

describe('runs beside and inside of each other', () => {
  it('nest: each counts its own stand-ins', () => {
    const outer = tprof({ add }, quiet);
    outer.fn.add(1, 1);
    const inner = tprof({ add: outer.fn.add }, quiet);
    inner.fn.add(1, 1);
    assert.equal(inner.end()[0]!.calls, 1);
    outer.fn.add(1, 1);
    assert.equal(outer.end()[0]!.calls, 3);
  });

  it('overlap: the first may end before the second', () => {
    const a = tprof({ add }, quiet);
    const b = tprof({ add }, quiet);
    a.fn.add(1, 1);
    b.fn.add(1, 1);
    assert.equal(a.end()[0]!.calls, 1);
    b.fn.add(1, 1);
    assert.equal(b.end()[0]!.calls, 2);
  });

  it('open inside of a measured function', () => {
    const work = (): number => tprof({ add }, quiet, ({ add }) => add(1, 2)).results[0]!.calls;
    const { value, results } = tprof({ work }, quiet, (fn) => fn.work() + fn.work());
    assert.equal(value, 2);
    assert.equal(results[0]!.calls, 2);
  });

  it('end inside of a measured function: that call is unfinished', () => {
    const run = tprof({ end: () => run.end() }, quiet) as unknown as {
      fn: { end(): unknown };
      end(): readonly { calls: number; unfinished: number }[];
    };
    run.fn.end();
    const [stats] = run.end();
    assert.deepEqual([stats!.calls, stats!.unfinished], [0, 1]);
  });

  it('end while async calls are running: they are unfinished, and change nothing afterwards', async () => {
    const releases: (() => void)[] = [];
    const held = () => new Promise<void>((resolve) => void releases.push(resolve));
    const waits = async () => held();
    const run = tprof({ held, waits }, quiet);
    const running = [run.fn.held(), run.fn.waits(), run.fn.waits(), run.fn.waits()];
    releases[1]!();
    await running[1];
    const [plain, stats] = run.end();
    assert.deepEqual([plain!.calls, plain!.unfinished], [1, 0]); // a plain function ends at its return
    assert.deepEqual([stats!.calls, stats!.unfinished], [1, 2]);
    const seen = JSON.stringify(run.results);
    // later runs, which may get the memory of those before, see nothing of it either
    const next = tprof({ held, waits }, quiet);
    for (const release of releases) release();
    await Promise.all(running);
    assert.equal(JSON.stringify(run.results), seen);
    assert.deepEqual(
      next.end().map(({ calls, unfinished }) => calls + unfinished),
      [0, 0],
    );
  });

  it('may be left open: the functions go on working', () => {
    const { fn } = tprof({ add }, quiet);
    assert.equal(fn.add(3, 4), 7);
  });
});

describe('what cannot be measured', () => {
  const cases: [what: string, call: () => unknown, message: RegExp][] = [
    ['nothing', () => tprof({}), /nothing to measure/],
    ['no target', () => tprof([]), /nothing to measure/],
    ['excludes alone', () => tprof(['!a.js:b']), /all targets are excludes/],
    ['a text', () => tprof('add' as never), /give functions by name .* not "add"/],
    ['null', () => tprof(null as never), /give functions by name/],
    ['no function', () => tprof({ x: 3 as never }), /`x` is 3: give a function/],
    [
      'a class',
      () => tprof({ C: class C {} as never }),
      /`C` is a class: name its methods .*`file.js:C\.\*`/,
    ],
    [
      'a native function',
      () => tprof({ parse: JSON.parse }),
      /`parse` is a native function: .*globalThis:JSON\.parse/,
    ],
    ['a target that is no text', () => tprof([3 as never]), /a target must be a text/],
    ['a target without a function', () => tprof(['./lib.js']), /names no function/],
    ['an unknown option', () => tprof({ add }, { lable: 'x' } as never), /no option `lable`: `label`\?/],
    [
      'a wrong option',
      () => tprof({ add }, { sample: 0 }),
      /option `sample` must be a whole number .* not 0/,
    ],
    ['a wrong stream', () => tprof({ add }, { out: {} as never }), /option `out` must be a writable stream/],
    ['two comparisons', () => tprof({ add }, { compare: true, baselinePath: 'x' }), /exclude each other/],
    ['a missing baseline', () => tprof({ add }, { baselinePath: 'no.json' }), /no\.json: no such file/],
    ['a body that is none', () => tprof({ add }, {}, 3 as never), /body must be a function/],
    ['from elsewhere', () => tprof(['./a.js:b'], { from: 'https://x.test/' }), /`from` must be a file/],
  ];
  for (const [what, call, message] of cases) {
    it(what, () => {
      assert.throws(call, (error: Error) => {
        assert.ok(error instanceof TtprofError);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    });
  }

  it('leaves bound functions and proxies measurable', () => {
    const { results } = tprof({ bound: add.bind(null, 1), proxy: new Proxy(add, {}) }, quiet, (fn) => {
      assert.equal(fn.bound(2), 3);
      assert.equal(fn.proxy(2, 2), 4);
    });
    assert.deepEqual(
      results.map(({ calls }) => calls),
      [1, 1],
    );
  });
});

describe('files', () => {
  const folder = makeFolder();

  it('are written where the options say, and serve as a baseline', () => {
    const [json, markdown, html] = ['a.json', 'b.md', 'c.html'].map((name) => join(folder, name));
    const options = { jsonPath: json!, markdownPath: markdown!, htmlPath: html!, ...quiet };
    tprof({ add }, options, ({ add }) => add(1, 2));
    assert.equal(fromJson(readFileSync(json!, 'utf8'), json!).functions[0]!.calls, 1);
    assert.match(readFileSync(markdown!, 'utf8'), /add/);
    assert.match(readFileSync(html!, 'utf8'), /<html/);
    const { results } = tprof({ add }, { baselinePath: json!, ...quiet }, ({ add }) => add(1, 2));
    assert.equal(typeof results[0]!.delta!.percent, 'number');
  });

  it('that cannot be written cost one line, and nothing else', () => {
    const out = collect();
    const { results } = tprof({ add }, { jsonPath: join(folder, 'no', 'a.json'), out }, ({ add }) =>
      add(1, 2),
    );
    assert.equal(results[0]!.calls, 1);
    assert.match(out.text, /cannot write .*a\.json/);
    writeFileSync(join(folder, 'damaged.json'), '{');
    assert.throws(() => tprof({ add }, { baselinePath: join(folder, 'damaged.json') }), TtprofError);
  });
});
