import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModuleId } from '../../dist/plugins/module-id.js';

const script = { file: '/p/a.ts', kind: 'script' };
const component = { file: '/p/A.vue', kind: 'component' };
const CASES: [id: string, module: unknown][] = [
  ['/p/a.ts', script],
  ['/p/a.ts?v=1a2b', script],
  ['/p/a.ts?t=1#x', script],
  ['/p/a.ts?worker_file&type=module', script],
  ['/p/a.ts?raw', null],
  ['/p/a.ts?url', null],
  ['/p/a.ts?import&raw', null],
  ['/p/a.ts?worker', null],
  ['/p/a.ts?worker&inline', null],
  ['/p/a.ts?sharedworker', null],
  ['/p/a.cjs?commonjs-exports', null],
  ['\0/p/a.ts', null],
  ['\0virtual:a', null],
  ['virtual:a.ts', null],
  ['a.ts', null],
  ['/p/a.css', null],
  ['/p/a.json', null],
  ['/p/A.vue', component],
  ['/p/A.vue?vue&type=script&setup=true&lang.ts', component],
  ['/p/A.vue?vue&type=style&index=0&lang.css', null],
  ['/p/A.vue?vue&type=template', null],
  ['/p/A.vue?raw', null],
];
for (const [id, module] of CASES)
  test(`${JSON.stringify(id)} is ${module === null ? 'no module to measure' : 'measured'}`, () => {
    assert.deepEqual(readModuleId(id), module);
  });
