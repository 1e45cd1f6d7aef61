import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { extendNodeOptions, replaceInExecArgv, replaceInNodeOptions } from '../../dist/config/pass-on.js';

const url = new URL('../../dist/register.js', import.meta.url).href;
const cwd = fileURLToPath(new URL('../..', import.meta.url));
const extend = (options: string | undefined) => extendNodeOptions(options, url, cwd);

test('NODE_OPTIONS is extended, never overwritten', () => {
  assert.equal(extend(undefined), `--import=${url}`);
  assert.equal(extend(''), `--import=${url}`);
  assert.equal(extend('--max-old-space-size=512'), `--max-old-space-size=512 --import=${url}`);
  assert.equal(extend('--import tsx -r "./a b.js"'), `--import tsx -r "./a b.js" --import=${url}`);
});

test('the preload is named once, by its URL', () => {
  const once = `--trace-warnings --import=${url} --import tsx`;
  assert.equal(extend('--trace-warnings --import ttprof/register --import tsx'), once);
  assert.equal(extend('--trace-warnings --import=ttprof/register --import tsx'), once);
  assert.equal(extend('--trace-warnings --import "ttprof/register" --import tsx'), once);
  assert.equal(extend('--trace-warnings --import ./dist/register.js --import tsx'), once);
  assert.equal(extend(once), once);
  assert.equal(extend('--import ttprof/registered'), `--import ttprof/registered --import=${url}`);
});

test('where nothing is measured the preload is only kept findable', () => {
  const replace = (options: string) => replaceInNodeOptions(options, url, cwd);
  assert.equal(replace('--title=x'), '--title=x');
  assert.equal(replace('--title=x --import ttprof/register'), `--title=x --import=${url}`);
});

test("Node's own arguments name it by its URL too", () => {
  const replace = (...args: string[]) => replaceInExecArgv(args, url, cwd);
  assert.deepEqual(replace('--import', 'ttprof/register', '--inspect'), ['--import', url, '--inspect']);
  assert.deepEqual(replace('--import=ttprof/register'), [`--import=${url}`]);
  assert.deepEqual(replace('--import=./dist/register.js', '--import', 'tsx'), [
    `--import=${url}`,
    '--import',
    'tsx',
  ]);
  assert.deepEqual(replace('--title', 'ttprof/register'), ['--title', 'ttprof/register']);
});
