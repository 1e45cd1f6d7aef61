// Compiled, never run: stand-ins keep the types of their functions.
import { type FunctionStats, tprof } from 'ttprof';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(equal: Equal<A, B>): void;

declare function plain(a: number, b?: string): boolean;
declare function generic<T extends object>(value: T): T[];
declare function overloaded(a: string): string;
declare function overloaded(a: number): number;
declare function later(ms: number): Promise<'done'>;
declare function numbers(to: number): Generator<number, void, undefined>;
declare function self(this: { x: number }, y: number): number;

const functions = { plain, generic, overloaded, later, numbers, self };
const run = tprof(functions, { compare: true, label: 'types' });

same<typeof run.fn.plain, typeof plain>(true);
same<typeof run.fn.generic, typeof generic>(true);
same<typeof run.fn.overloaded, typeof overloaded>(true);
same<typeof run.fn.later, typeof later>(true);
same<typeof run.fn.numbers, typeof numbers>(true);
same<typeof run.fn.self, typeof self>(true);
const list: { id: string }[] = run.fn.generic({ id: 'a' });
const text: string = run.fn.overloaded('a');
const number: number = run.fn.overloaded(1);
// @ts-expect-error: no such function
run.fn.other;
// @ts-expect-error: a wrong argument
run.fn.plain('a');
// @ts-expect-error: nothing can be put in its place
run.fn = {};

const results: readonly FunctionStats[] = run.end();
const median: number | null = results[0]!.medianNs;
const starts: readonly number[] = results[0]!.series[0]!.startNs;
// @ts-expect-error: frozen
results[0]!.calls = 3;
// @ts-expect-error: frozen
results.push(results[0]!);

// callbacks: what a synchronous body gives comes at once, what an asynchronous body gives as a promise
const now = tprof({ plain }, ({ plain }) => plain(1));
same<typeof now.value, boolean>(true);
const promised = tprof({ later }, { quiet: true }, async ({ later }) => await later(1));
promised.then(({ value, results }) => {
  same<typeof value, 'done'>(true);
  const rows: readonly FunctionStats[] = results;
  return rows;
});
// @ts-expect-error: a promise has no value yet
promised.value;

// names
const named = tprof(['./lib.js:maths', 'acorn:parse'], { from: 'file:///a.js', margin: 1 });
named.end();
tprof(['./lib.js:maths'], {
  from: new (class {
    href = 'file:///a.js';
  })(),
});
const body = tprof(['./lib.js:maths'], () => 3);
same<typeof body.value, number>(true);

// @ts-expect-error: no option of that name
tprof({ plain }, { labels: 'x' });
// @ts-expect-error: not a function
tprof({ x: 3 });
// @ts-expect-error: a class
tprof({ C: class {} });
// @ts-expect-error: not a list of texts
tprof([3]);

const sink = {
  text: '',
  write(text: string) {
    this.text += text;
  },
};
tprof({ plain }, { out: sink, sample: 10, cpu: true, raw: true, quiet: false });

export { list, median, number, starts, text };
