import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { editConfig, linesFor } from '../../../dist/commands/init/edit-config.js';
import { runInit } from '../../../dist/commands/init/init.js';
import { planFor } from '../../../dist/commands/init/plan.js';
import { makeFolder } from '../../temporary-folder.js';

function init(files: Record<string, string>, ...args: string[]) {
  const folder = makeFolder(files);
  let out = '';
  const stdout = { write: (text: string) => (out += text) };
  const code = runInit(args, { stdout, stderr: stdout } as never, folder);
  return { code, out, read: (name: string) => readFileSync(join(folder, name), 'utf8') };
}
const manifest = (dependencies: string[], rest = {}) =>
  JSON.stringify({ devDependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])), ...rest });

describe('ttprof init', () => {
  test('names the command alone where nothing is needed', () => {
    for (const [name, command] of [
      ['vitest', 'npx vitest run'],
      ['jest', 'npx jest'],
      ['mocha', 'npx mocha'],
    ])
      assert.match(
        init({ 'package.json': manifest([name!]), 'src/a.ts': '' }).out,
        new RegExp(`nothing to configure\\n  run: npx ttprof -t 'src/\\*\\*:\\*' -- ${command}\\n$`),
      );
    assert.match(
      init({ 'package.json': '{ "scripts": { "test": "node --test" } }' }).out,
      /^Node: nothing to configure\n {2}run: npx ttprof -t '\*\.\{js,ts\}:\*' -- npm test\n$/,
    );
  });

  test('shows the lines for a bundler, and writes them when it is told to', () => {
    const files = {
      'package.json': manifest(['vite'], { type: 'module' }),
      'vite.config.ts':
        "import { defineConfig } from 'vite';\nexport default defineConfig({\n  plugins: [vue()],\n});\n",
    };
    const shown = init(files);
    assert.equal(shown.code, 0);
    assert.match(shown.out, /add to vite\.config\.ts\n {4}import ttprof from 'ttprof\/vite';\n/);
    assert.equal(shown.read('vite.config.ts'), files['vite.config.ts']);
    const written = init(files, '--write');
    assert.equal(
      written.read('vite.config.ts'),
      "import ttprof from 'ttprof/vite';\nimport { defineConfig } from 'vite';\nexport default defineConfig({\n  plugins: [ttprof(), vue()],\n});\n",
    );
    const again = init({ ...files, 'vite.config.ts': written.read('vite.config.ts') }, '--write');
    assert.match(again.out, /vite\.config\.ts has the plugin/);
  });

  test('makes a configuration where there is none', () => {
    const { read, code } = init({ 'package.json': manifest(['webpack']) }, '--write');
    assert.equal(code, 0);
    assert.equal(
      read('webpack.config.mjs'),
      "import ttprof from 'ttprof/webpack';\n\nexport default {\n  plugins: [ttprof()],\n};\n",
    );
  });

  test('leaves a configuration alone that it does not understand, and says so', () => {
    const files = {
      'package.json': manifest(['rollup'], { type: 'module' }),
      'rollup.config.js': 'export default make();\n',
    };
    const { out, code, read } = init(files, '--write');
    assert.equal(code, 1);
    assert.match(out, /its shape is none that can be edited here/);
    assert.equal(read('rollup.config.js'), files['rollup.config.js']);
  });

  test('is wrong usage outside a project, and with what it does not know', () => {
    assert.throws(() => init({}), { name: 'TtprofError', message: /^init: there is no package\.json in / });
    assert.throws(() => init({ 'package.json': '{' }), { name: 'TtprofError', message: /cannot read/ });
    assert.throws(() => init({ 'package.json': '{}' }, 'x'), {
      name: 'TtprofError',
      message: /--write alone/,
    });
  });
});

test('what builds on another bundler has the plugin for that, under its own name', () => {
  const planOf = (name: string, files: string[] = []) =>
    planFor({ dependencies: new Set([name]), scripts: {}, files, hasSources: true })[0]!;
  assert.equal(planOf('tsup').edit!.imported, 'ttprof/esbuild');
  assert.equal(planOf('tsdown').edit!.imported, 'ttprof/rolldown');
  assert.equal(planOf('@rspack/core').edit!.imported, 'ttprof/rspack');
  assert.equal(planOf('@farmfe/core').edit!.imported, 'ttprof/farm');
  assert.equal(planOf('vite').edit, null, 'Vite without a configuration is there for another tool');
});

test('CommonJS configurations require the plugin', () => {
  const lines = linesFor('ttprof/webpack', 'webpack.config.js', true);
  assert.equal(
    editConfig("'use strict';\nmodule.exports = {\n  mode: 'production',\n};\n", lines),
    "'use strict';\nconst { default: ttprof } = require('ttprof/webpack');\nmodule.exports = {\n  plugins: [ttprof()],\n  mode: 'production',\n};\n",
  );
  assert.equal(editConfig('module.exports = { plugins: [] };', lines)!.includes('plugins: [ttprof()]'), true);
});
