// Prints what a call costs in ns, per kind and variant, one figure a round; the variants in turns.
import { tprof } from '../../lib/index.js';
import * as functions from './functions.mjs';

const [rounds, calls] = process.argv.slice(2).map(Number);
const byName = new Map(Object.entries(functions));
const held = [...byName].filter(([name]) => name.startsWith('held'));
const { fn, end } = tprof(Object.fromEntries(held), { quiet: true });

const CALL = 'return (call, n) => { for (let i = 0; i < n; i++) call(i, i); }';
const AWAIT = 'return async (call, n) => { for (let i = 0; i < n; i++) await call(i, i); }';
const ITERATE =
  'return (call, n) => { for (let i = 0; i < n; i++) for (const one of call(i, i)) if (one < 0) return; }';
const ITERATE_ASYNC =
  'return async (call, n) => { for (let i = 0; i < n; i++) for await (const one of call(i, i)) if (one < 0) return; }';
const LOOPS = [
  ['AsyncGenerator', ITERATE_ASYNC],
  ['Async', AWAIT],
  ['Generator', ITERATE],
  ['Sync', CALL],
];
const variants = held.flatMap(([name]) => {
  const kind = name.slice('held'.length);
  const text = LOOPS.find(([start]) => kind.startsWith(start))[1];
  // each loop is compiled by itself, so that none sees the types of another's functions
  return [
    { kind, name: 'rewritten', loop: new Function(text)(), call: byName.get(`rewritten${kind}`) },
    { kind, name: 'stand-in', loop: new Function(text)(), call: fn[name] },
  ];
});

const samples = {};
for (let round = -3; round < rounds; round++) {
  for (const { kind, name, loop, call } of variants) {
    const start = process.hrtime.bigint();
    await loop(call, calls);
    const ns = Number(process.hrtime.bigint() - start) / calls;
    if (round >= 0) ((samples[kind] ??= {})[name] ??= []).push(ns);
  }
}
end();
console.log(JSON.stringify(samples));
