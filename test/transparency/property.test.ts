import assert from 'node:assert/strict';
import { SourceMap } from 'node:module';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { parse, tokenizer } from 'acorn';
import fc from 'fast-check';
import { rewrite } from '../../dist/loader/rewrite/rewrite.js';
import { parseTarget } from '../../dist/loader/targets/target.js';
import { installTestRuntime } from '../loader/test-runtime.js';
import { buildProgram } from './random-program.js';

const matches = [{ target: parseTarget('*', { cwd: '/p', exists: () => false }), originals: null }];
const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 150, size: 'max' });
/** How many programs; PROPERTY_RUNS sets another number. */
const numRuns = Number(process.env.PROPERTY_RUNS ?? 150);

function rewriteAll(source: string) {
  return rewrite(source, { file: '/p/a.js', format: 'script', matches, maps: 'compose' })!;
}

/** Values as text: functions by name and length, promises by what becomes of them. */
function show(value: unknown, log: string[]): string {
  if (typeof value === 'function') return `function ${value.name || '-'} ${value.length}`;
  if (Array.isArray(value)) return `[${value.map((one) => show(one, log)).join()}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Object.prototype.toString.call(value) === '[object Promise]') {
    (value as Promise<unknown>).then(
      (result) => log.push(`resolved ${show(result, log)}`),
      (error) => log.push(`rejected ${show(error, log)}`),
    );
    return 'promise';
  }
  if ('message' in value) return `error ${value.message}`;
  return `{${Object.entries(value).map(([key, one]) => `${key}:${show(one, log)}`)}}`;
}

/** Everything that a program does that can be seen, the order of microtasks included. */
async function observe(code: string, prepare: (context: object) => void = () => {}): Promise<string[]> {
  const log: string[] = [];
  const context = {
    log: (value: unknown) => {
      log.push(show(value, log));
      // the text of functions is the one thing that may differ
      return typeof value === 'function' ? 'a function' : value;
    },
    /** The functions on the stack, as traces call them. */
    trace: () => {
      const lines = String(new Error().stack).split('\n');
      const own = lines.filter((line) => line.includes('evalmachine'));
      const names = own.map((line) => line.replace(/\(?evalmachine.*/, '').trim());
      log.push(names.join());
      return names.length;
    },
    drain: (iterator: Iterator<unknown> & AsyncIterator<unknown>) => {
      const isAsync = Symbol.asyncIterator in iterator;
      const results: unknown[] = [];
      for (let i = 0; i < 4; i++) {
        const result: IteratorResult<unknown> = iterator.next(i);
        results.push(isAsync ? result : result.value);
        if (!isAsync && result.done) return results;
      }
      results.push(iterator.return?.('closed'));
      return isAsync
        ? Promise.allSettled(results as Promise<unknown>[]).then((all) => all.map(({ status }) => status))
        : results;
    },
  };
  prepare(context);
  let ticking = true;
  void (async () => {
    for (let i = 0; ticking; i++) {
      log.push(`tick ${i}`);
      await null;
    }
  })();
  try {
    runInNewContext(code, context);
  } catch (error) {
    log.push(`threw ${show(error, log)}`);
  }
  for (let i = 0; i < 100; i++) await null;
  ticking = false;
  await new Promise(setImmediate);
  return log;
}

// rejections that the programs do not handle are part of them
const ignore = () => {};

describe('random programs', () => {
  it('do the same when all of their functions are measured', async () => {
    process.on('unhandledRejection', ignore);
    try {
      await fc.assert(
        fc.asyncProperty(choices, async (numbers) => {
          const source = buildProgram(numbers);
          const { code, unmeasured } = rewriteAll(source);
          assert.deepEqual(unmeasured, [], 'nothing here is in the way');
          const plain = await observe(source);
          let calls: ReturnType<typeof installTestRuntime> = [];
          const measured = await observe(code, (context) => {
            calls = installTestRuntime(context);
          });
          assert.deepEqual(measured, plain, source);
          assert.ok(calls.length > 0);
        }),
        { numRuns },
      );
    } finally {
      process.off('unhandledRejection', ignore);
    }
  });

  it('are well formed for another parser, on the same lines, with nothing injected glued to what was there', () => {
    fc.assert(
      fc.property(choices, (numbers) => {
        const source = buildProgram(numbers);
        const { code } = rewriteAll(source);
        const options = {
          ecmaVersion: 'latest',
          sourceType: 'script',
          allowReturnOutsideFunction: true,
        } as const;
        parse(code, options);
        assert.equal(code.split('\n').length, source.split('\n').length);
        const prefix = /var (\$ttprof_\w+?)m;/.exec(code)![1]!;
        const own = valuesOf(source);
        const injected = new Set(['', 'm', 'h', 't', 'v', 'f', 'c'].map((letter) => prefix + letter));
        const left: unknown[] = [];
        for (const value of valuesOf(code)) {
          if (typeof value === 'string' && value.includes('$ttprof') && !value.startsWith('{"file"'))
            assert.ok(injected.has(value) || /r\d+$/.test(value), `${value} in ${source}`);
          left.push(value);
        }
        // what was there is there still, in order
        let at = 0;
        for (const value of own) {
          while (at < left.length && !equal(left[at], value)) at++;
          assert.ok(at++ < left.length, `${String(value)} is missing in ${code}`);
        }
      }),
      { numRuns },
    );
  });

  it('lead back through their maps, word by word', () => {
    fc.assert(
      fc.property(choices, (numbers) => {
        const source = buildProgram(numbers);
        const { code, map } = rewriteAll(source);
        const lookup = new SourceMap(map as never);
        const lines = source.split('\n');
        // the module's description holds names of functions
        const own = code.replace(/\.load\("(?:[^"\\]|\\.)*"\)/, (text) => ' '.repeat(text.length));
        own.split('\n').forEach((text, line) => {
          for (const { 0: word, index } of text.matchAll(/\b(?:log|drain|v\d+|l\d+)\b/g)) {
            const { originalLine, originalColumn } = lookup.findEntry(line, index) as {
              originalLine: number;
              originalColumn: number;
            };
            assert.equal(originalLine, line);
            assert.ok(lines[line]!.startsWith(word, originalColumn), `${word} in ${code}`);
          }
        });
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });
});

function equal(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  );
}

/** The values of a program's tokens; acorn's types leave them out. */
function valuesOf(source: string): unknown[] {
  const tokens = tokenizer(source, {
    ecmaVersion: 'latest',
    sourceType: 'script',
    allowReturnOutsideFunction: true,
  });
  return [...tokens].map((token) => (token as unknown as { value: unknown }).value);
}
