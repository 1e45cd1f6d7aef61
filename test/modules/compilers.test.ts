import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../temporary-folder.js';
import { PRELOAD, REPOSITORY, runProgram } from './run-program.js';

const enumAndFunction = `enum Size { small = 1 }
export function typed(x: number): number { return x + Size.small }
`;
const project = makeFolder({
  'package.json': '{ "type": "commonjs" }',
  'tsconfig.json': '{ "compilerOptions": { "module": "commonjs", "target": "es2022", "sourceMap": true } }',
  'lib.ts': enumAndFunction,
  'plain.js': 'function plain(x) { return x }\nexports.plain = plain;\n',
  'app.ts': `import { typed } from './lib';
const { plain } = require('./plain.js');
function main(x: number): number { return typed(x) + plain(x) }
console.log(main(1), main(2));
`,
});
const esm = makeFolder({
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "target": "es2022", "sourceMap": true } }',
  'package.json': '{ "type": "module" }',
  'lib.ts': enumAndFunction,
  'plain.js': 'export function plain(x) { return x }\n',
  'app.ts': `import { typed } from './lib.js';
import { plain } from './plain.js';
function main(x: number): number { return typed(x) + plain(x) }
console.log(main(1), main(2));
`,
});

const modules = join(REPOSITORY, 'node_modules');
// @swc-node/register asks TypeScript's classic API for its settings
for (const folder of [project, esm]) {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(modules, '@swc-node'), join(folder, 'node_modules/@swc-node'), 'junction');
}
const alias = join(REPOSITORY, 'test/fixtures/modules/classic-typescript.cjs');
type Kind = 'CommonJS' | 'ESM';
const compilers: { name: string; flags: string[]; kinds: Kind[]; env?: NodeJS.ProcessEnv }[] = [
  { name: 'tsx', flags: ['--import', `file://${modules}/tsx/dist/loader.mjs`], kinds: ['CommonJS', 'ESM'] },
  {
    name: 'tsx as --require',
    flags: [
      '--require',
      `${modules}/tsx/dist/preflight.cjs`,
      '--import',
      `file://${modules}/tsx/dist/loader.mjs`,
    ],
    kinds: ['CommonJS', 'ESM'],
  },
  {
    name: 'ts-node',
    flags: ['--require', `${modules}/ts-node/register/transpile-only.js`],
    kinds: ['CommonJS'],
    env: { TS_NODE_COMPILER: `${modules}/typescript-5.9` },
  },
  {
    name: '@swc-node/register',
    flags: ['--require', alias, '--require', `${modules}/@swc-node/register/index.js`],
    kinds: ['CommonJS'],
  },
  {
    name: '@swc-node/register/esm-register',
    flags: ['--require', alias, '--import', `file://${modules}/@swc-node/register/esm/esm-register.mjs`],
    kinds: ['ESM'],
  },
  {
    name: 'esbuild-register',
    flags: ['--require', `${modules}/esbuild-register/register.js`],
    kinds: ['CommonJS'],
  },
];
const ours = ['--import', PRELOAD];
const expected = (extension: string) => ({
  'app.ts:main': 2,
  'lib.ts:typed': 2,
  [`plain.${extension}:plain`]: 2,
});

for (const { name, flags, kinds, env } of compilers) {
  for (const [order, all] of [
    ['before', [...flags, ...ours]],
    ['after', [...ours, ...flags]],
  ] as const) {
    for (const kind of kinds) {
      test(`${name} ${order} ours, ${kind}: compiled functions are measured once`, () => {
        const options = {
          targets: ['./**/*:*', '!**/*:<anonymous>*'],
          flags: ['--no-deprecation', ...all],
          ...(env && { env }),
        };
        const seen = runProgram(kind === 'ESM' ? esm : project, ['app.ts'], options);
        assert.equal(seen.stdout, '3 5\n', seen.stderr);
        assert.deepEqual(seen.counts, expected('js'), seen.stderr);
        assert.deepEqual(seen.warnings, []);
      });
    }
  }
}

test('a compiled entry starts where only built-in functions are targets, too', () => {
  const flags = ['--no-deprecation', '--require', `${modules}/esbuild-register/register.js`, 'PRELOAD'];
  const seen = runProgram(project, ['app.ts'], { targets: ['globalThis:JSON.parse'], flags });
  assert.equal(seen.stdout, '3 5\n', seen.stderr);
});
