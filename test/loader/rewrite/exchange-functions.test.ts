import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { findFileExchange } from '../../../dist/loader/rewrite/exchange-functions.js';
import { rewrite } from '../../../dist/loader/rewrite/rewrite.js';
import { createModuleMatcher } from '../../../dist/loader/targets/match-module.js';
import { FILES_BY_NAME } from '../../../dist/loader/targets/module-files.js';
import { parseTarget } from '../../../dist/loader/targets/target.js';

const FUNCTIONS = [
  { name: 'f', file: '/now/lib.cjs', base: { name: 'f', file: '/base/lib.cjs' }, reach: 'f' },
  { name: 'g', file: '/now/lib.cjs', base: { name: 'g', file: '/base/lib.cjs' }, reach: 'exports.g' },
];
const SOURCE = `'use strict'\nfunction f(a) { 'use strict'\nreturn [this?.k, ...arguments].join() + ' now' }\nexports.g = (a, b = 2, ...rest) => [a, b, ...rest].join() + ' now';`;

function rewritten(file: string, source: string): string {
  const options = { cwd: '/', entry: null, files: FILES_BY_NAME };
  const matcher = createModuleMatcher([parseTarget(`${file}:*`, options)], options);
  const exchange = findFileExchange(file, { functions: FUNCTIONS, loadsBaseFirst: false, seed: 1 });
  const result = rewrite(source, { file, matches: matcher.match(file), maps: 'none', exchange });
  assert.equal(result!.code.split('\n').length, source.split('\n').length);
  return result!.code;
}

function run(code: string, exchange: unknown) {
  const exports: Record<string, (...args: unknown[]) => unknown> = {};
  const context = vm.createContext({ exports });
  vm.runInContext('globalThis[Symbol.for("ttprof.runtime")] = null', context);
  const key = vm.runInContext('Symbol.for("ttprof.runtime")', context);
  context[key as never] = { load: () => null, exchange } as never;
  vm.runInContext(`${code}\n;exports.f = f`, context);
  return exports;
}

test('a call goes to the other version with all that it was called with', () => {
  const begun: string[] = [];
  const calls: unknown[] = [];
  const other = function (this: unknown, ...args: unknown[]) {
    calls.push([this, args]);
    return 'base';
  };
  let chosen: typeof other | null = other;
  const { f, g } = run(rewritten('/now/lib.cjs', SOURCE), {
    begin: (file: string) => begun.push(file),
    choose: () => chosen,
  });
  const self = { k: 1 };
  assert.equal(f!.call(self, 5, 6), 'base');
  assert.equal(g!(1, undefined, 3, 4), 'base');
  assert.deepEqual(calls, [
    [self, [5, 6]],
    [undefined, [1, 2, 3, 4]],
  ]);
  assert.deepEqual(begun, ['/now/lib.cjs']);
  chosen = null;
  assert.equal(f!.call(self, 5, 6), '1,5,6 now');
  assert.equal(g!(1), '1,2 now');
});

test('the base says how its functions are reached', () => {
  const offers: Record<number, () => unknown>[] = [];
  const exports = run(rewritten('/base/lib.cjs', SOURCE), {
    offer: (functions: Record<number, () => unknown>) => offers.push(functions),
  });
  assert.equal(offers[0]![0]!(), exports.f);
  assert.equal(offers[0]![1]!(), exports.g);
});

test('without a runtime the code runs as it is, and other files are left alone', () => {
  assert.equal(run(rewritten('/now/lib.cjs', SOURCE), undefined).g!(1), '1,2 now');
  assert.equal(findFileExchange('/x.js', { functions: FUNCTIONS, loadsBaseFirst: false, seed: 1 }), null);
});
