import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import type TypeScript from 'typescript-5.9';
import {
  hasCheckingPlugin,
  isCheckedByLoader,
  type NativeContext,
  withPlainSources,
} from '../../dist/plugins/type-checkers.js';
import { plugins } from '../../dist/plugins/unplugin.js';
import { makeFolder } from '../temporary-folder.js';

const typescript: typeof TypeScript = createRequire(import.meta.url)('typescript-5.9');

const SOURCE = `interface Row {
  readonly id: number;
}

export async function rows(n: number): Promise<Row[]> {
  return Array.from({ length: n }, (_, id) => ({ id }));
}
`;
const folder = makeFolder({ 'src/lib.ts': SOURCE });
const file = join(folder, 'src/lib.ts');

/** What a bundler's plugins make of the source before and after a compiler. */
function build(framework: 'rollup' | 'webpack', context: NativeContext, names: readonly string[] = []) {
  const made = plugins.raw({ targets: ['src/lib.ts:rows'], cwd: folder }, { framework } as never);
  const [before, after] = [made].flat() as unknown as {
    transformInclude(id: string): boolean;
    transform: { handler(this: object, code: string, id: string): { code: string } | null };
    rollup?: { buildStart(options: object): void };
  }[];
  before!.rollup!.buildStart({ plugins: names.map((name) => ({ name })) });
  assert.ok(before!.transformInclude(file) && after!.transformInclude(file));
  const { outputText, sourceMapText } = typescript.transpileModule(SOURCE, {
    compilerOptions: { target: typescript.ScriptTarget.ES2022, sourceMap: true },
    fileName: file,
  });
  const inputSourceMap = { ...JSON.parse(sourceMapText!), sources: [`/some-loader.js??x!${file}`] };
  const self = { getNativeBuildContext: () => ({ ...context, inputSourceMap }) };
  return {
    source: before!.transform.handler.call(self, SOURCE, file)?.code ?? null,
    compiled: after!.transform.handler.call(self, outputText, file)?.code ?? null,
  };
}

const CHECKING: NativeContext = {
  loaderContext: {
    loaders: [
      { path: '/p/node_modules/unplugin/transform.js' },
      { path: '/p/node_modules/ts-loader/index.js' },
    ],
  },
};

test('what a type checker reads is the source; what it makes of it is measured, by the lines of the source', () => {
  for (const { source, compiled } of [build('webpack', CHECKING), build('rollup', {}, ['rpt2'])]) {
    assert.equal(source, null);
    assert.match(compiled!, /\\"name\\":\\"rows\\",\\"line\\":5,\\"column\\":8,\\"kind\\":\\"async\\"/);
    assert.doesNotMatch(compiled!, /: number/);
  }
});

test('where nothing checks, the source is rewritten as it is on the disk', () => {
  for (const { source, compiled } of [build('webpack', {}), build('rollup', {}, ['esbuild'])]) {
    assert.match(source!, /ttprof.runtime[\s\S]*: Promise<Row\[\]>/);
    assert.equal(compiled, null);
  }
});

test('checkers are known by their names, and by whether they check', () => {
  const isChecked = (path: string, options?: object) =>
    isCheckedByLoader({ loaderContext: { loaders: [{ path, options }] } });
  assert.equal(isChecked('C:\\p\\node_modules\\ts-loader\\index.js', {}), true);
  assert.equal(isChecked('/p/node_modules/ts-loader/index.js', { transpileOnly: true }), false);
  assert.equal(isChecked('/p/node_modules/swc-loader/src/index.js'), false);
  assert.equal(isCheckedByLoader({}), false);
  assert.equal(hasCheckingPlugin([null, { name: 'typescript' }]), false);
  assert.equal(hasCheckingPlugin([null, { name: 'rpt2' }]), true);
  const map = { version: 3, names: [], mappings: '', sources: ['/l.js??a!/m.js!/p/a.ts', 'b.ts'] };
  assert.deepEqual(withPlainSources(map).sources, ['/p/a.ts', 'b.ts']);
});
