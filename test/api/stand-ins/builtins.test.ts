import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeProgram } from '../programs.js';

interface Row {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  readonly kind: string;
}

/** The rows of `ttprof --json -`, which follows what the program itself prints. */
function rowsOf(stdout: string): Record<string, Row> {
  const { functions } = JSON.parse(stdout.slice(stdout.indexOf('{\n'))) as { functions: Row[] };
  return Object.fromEntries(functions.map((row) => [row.name, row]));
}

describe('built-in modules as targets', () => {
  it("counts the program's own calls of readFileSync, and not those of Node's loaders or ttprof's", () => {
    const program = makeProgram({
      'data.json': '{}',
      'common.cjs': `
        const fs = require('node:fs');
        const { readFileSync } = require('fs');
        require('./data.json');
        fs.readFileSync(__filename);
        readFileSync(__filename);
      `,
      'lib.mjs': 'export const a = 1;',
      'late.mjs': 'export const b = 1;',
      'app.mjs': `
        import fs, { readFileSync } from 'node:fs';
        import * as all from 'fs';
        import { createRequire } from 'node:module';
        import './lib.mjs';
        const file = new URL(import.meta.url);
        readFileSync(file);
        fs.readFileSync(file);
        all.readFileSync(file);
        const require = createRequire(import.meta.url);
        require('fs').readFileSync(file);
        require('./common.cjs');
        await import('./late.mjs');
        ['app.mjs', 'lib.mjs'].map((name) => readFileSync(name));
        try { readFileSync('missing'); } catch {}
      `,
    });
    const targets = ['-t', 'node:fs:readFileSync', '-t', 'lib.mjs:*', '-t', 'late.mjs:*'];
    const { stdout } = program.ttprof(...targets, '--quiet', '--json', '-', 'app.mjs');
    const row = rowsOf(stdout)['node:fs:readFileSync']!;
    assert.deepEqual([row.calls, row.errors], [9, 1]);
  });

  it('counts JSON.parse of a program whose report is JSON, and of one that uses the API', () => {
    const program = makeProgram({
      'lib.mjs': 'export function f() { return JSON.parse("1"); }',
      'app.mjs': `
        import { f } from './lib.mjs';
        JSON.parse('{}'); f();
        ['1', '2'].map((text) => JSON.parse(text));
      `,
      'api.mjs': `
        import { tprof } from 'ttprof';
        const { results } = tprof(['globalThis:JSON.parse'], { jsonPath: 'out.json', quiet: true }, () => {
          JSON.parse('[]');
          tprof({ g: () => JSON.parse('2') }, { quiet: true, jsonPath: 'inner.json' }, ({ g }) => g());
        });
        JSON.parse('3');
        console.log(results[0].calls, JSON.parse === results ? 1 : 0);
      `,
    });
    const { stdout } = program.ttprof(
      '-t',
      'globalThis:JSON.parse',
      '-t',
      'lib.mjs:f',
      '--quiet',
      '--json',
      '-',
      'app.mjs',
    );
    const rows = rowsOf(stdout);
    assert.equal(rows['globalThis:JSON.parse']!.calls, 4);
    assert.equal(rows['lib.mjs:f']!.calls, 1);
    assert.equal(program.node('api.mjs').stdout, '2 0\n');
  });

  it('keeps promisify, async functions and methods of old classes', () => {
    const program = makeProgram({
      'app.mjs': `
        import { EventEmitter } from 'node:events';
        import { readFile as callback, exists } from 'node:fs';
        import { readFile } from 'node:fs/promises';
        import { promisify } from 'node:util';
        import { gzip, gzipSync } from 'node:zlib';
        const emitter = new EventEmitter();
        emitter.setMaxListeners(20); emitter.setMaxListeners(30);
        console.log((await promisify(callback)('app.mjs')).length > 0, await promisify(exists)('app.mjs'));
        await readFile('app.mjs');
        await readFile('missing').catch(() => {});
        console.log((await promisify(gzip)('a')).length === gzipSync('a').length);
        console.log(callback.name, callback.length, readFile.name);
      `,
    });
    const names = [
      'node:events:EventEmitter.setMaxListeners',
      'node:fs:readFile',
      'node:fs/promises:readFile',
      'node:zlib:gzip',
      'node:zlib:gzipSync',
    ];
    const plain = program.node('app.mjs');
    const { stdout } = program.ttprof(
      ...names.flatMap((name) => ['-t', name]),
      '--quiet',
      '--json',
      '-',
      'app.mjs',
    );
    assert.ok(stdout.startsWith(plain.stdout));
    const rows = rowsOf(stdout.slice(plain.stdout.length));
    assert.deepEqual(
      names.map((name) => rows[name]!.calls),
      [2, 1, 2, 1, 1],
    );
    assert.deepEqual(
      [rows['node:fs/promises:readFile']!.kind, rows['node:fs/promises:readFile']!.errors],
      ['async', 1],
    );
  });

  it('takes wildcards and excludes', () => {
    const program = makeProgram({
      'app.mjs': `
        import { inflateSync, deflateSync, gzipSync } from 'node:zlib';
        inflateSync(deflateSync('a')); gzipSync('b');
      `,
    });
    const { stdout } = program.ttprof(
      '-t',
      'node:zlib:*flateSync',
      '-t',
      '!node:zlib:in*',
      '--quiet',
      '--json',
      '-',
      'app.mjs',
    );
    const called = Object.values(rowsOf(stdout)).filter(({ calls }) => calls > 0);
    assert.deepEqual(
      called.map(({ name }) => name),
      ['node:zlib:deflateSync'],
    );
  });

  it('works in CommonJS programs and in workers', () => {
    const program = makeProgram({
      'app.cjs': `
        const { Worker } = require('node:worker_threads');
        const { basename } = require('node:path');
        basename('/a/b');
        new Worker('./worker.cjs');
      `,
      'worker.cjs': `require('node:path').basename('/c');`,
    });
    const { stdout } = program.ttprof('-t', 'node:path:basename', '--quiet', '--json', '-', 'app.cjs');
    assert.equal(rowsOf(stdout)['node:path:basename']!.calls, 2);
  });
});

describe('globals that ttprof itself calls', () => {
  it('count none of its calls: while it starts, loads modules, records, flushes and reports', () => {
    const program = makeProgram({
      'app.mjs': `
        import { readFileSync } from 'node:fs';
        import { Worker, isMainThread } from 'node:worker_threads';
        import { fork } from 'node:child_process';
        import { f } from './lib.mjs';
        import { g } from './other.mjs';
        f(g(readFileSync('app.mjs')));
        if (process.argv[2] === undefined && isMainThread) {
          new Worker(new URL(import.meta.url));
          fork('app.mjs', ['child']);
        }
      `,
      'lib.mjs': 'export function f() { return 1; }',
      'other.mjs': 'export const g = (x) => x;\n',
    });
    const names = [
      'Array.flatMap',
      'Array.map',
      'Array.join',
      'Object.hasOwn',
      'Reflect.apply',
      'RegExp.test',
    ];
    const targets = [...names.map((name) => `globalThis:${name}`), 'node:fs:readFileSync', 'lib.mjs:f'];
    const { stdout } = program.ttprof(
      ...targets.flatMap((target) => ['-t', target]),
      ...['--interval', '0.05', '--quiet', '--json', '-', 'app.mjs'],
    );
    const counts = Object.entries(rowsOf(stdout)).map(([name, { calls }]) => [name, calls]);
    assert.deepEqual(Object.fromEntries(counts), {
      ...Object.fromEntries(names.map((name) => [`globalThis:${name}`, 0])),
      'node:fs:readFileSync': 3,
      'lib.mjs:f': 3,
    });
  });

  for (const flags of [[], ['--sample', '16'], ['--cpu']])
    it(`count no call of Math that recording makes: ${flags.join(' ')}`, () => {
      const program = makeProgram({
        'app.mjs': `
          import { f, g, h } from './lib.mjs';
          for (let i = 0; i < 20000; i++) f();
          for (let i = 0; i < 2000; i++) { await g(); for await (const each of h()); }
        `,
        'lib.mjs':
          'export function f() {} export async function g() {} export async function* h() { yield; }',
      });
      const { stdout } = program.ttprof(
        ...['-t', 'globalThis:Math.*', '-t', 'lib.mjs:*', ...flags],
        ...['--quiet', '--json', '-', 'app.mjs'],
      );
      const called = Object.entries(rowsOf(stdout)).filter(([, { calls }]) => calls > 0);
      assert.deepEqual(
        called.map(([name, { calls }]) => [name, calls]),
        [
          ['lib.mjs:f', 20000],
          ['lib.mjs:g', 2000],
          ['lib.mjs:h', 2000],
        ],
      );
    });

  it('can be targets all at once, and the program notices nothing', () => {
    const program = makeProgram({
      'app.mjs': `
        const map = new Map([[1, 2]]);
        const list = [];
        for (let i = 0; i < 1000; i++) list.push(map.get(1) + Math.max(i, 1));
        console.log(list.length, JSON.stringify(structuredClone({ a: 1 })), [3, 1, 2].sort().join());
      `,
    });
    const plain = program.node('app.mjs');
    const all = program.ttprof('-t', 'globalThis:*', '--quiet', '--json', 'out.json', 'app.mjs');
    assert.equal(all.stdout, plain.stdout);
    assert.equal(all.stderr, '');
    const some = program.ttprof('-t', 'globalThis:Map.get', '--quiet', '--json', '-', 'app.mjs');
    const { calls } = rowsOf(some.stdout.slice(plain.stdout.length))['globalThis:Map.get']!;
    // what Node itself calls by the prototype's methods cannot be told apart
    assert.ok(calls >= 1000 && calls < 1050, `${calls} calls`);
  });
});
