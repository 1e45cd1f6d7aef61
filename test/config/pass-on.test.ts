import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  extendNodeOptions,
  findSession,
  replaceInExecArgv,
  replaceInNodeOptions,
  requirePreload,
  urlInSession,
} from '../../dist/config/pass-on.js';

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

test('the preload names its session, whatever the folder is called', () => {
  const folder = '/tmp/a "b" 100% ü?&#';
  const inSession = urlInSession(url, folder);
  assert.match(inSession, /^[^\s"]+$/, 'NODE_OPTIONS needs no quotes');
  assert.equal(fileURLToPath(inSession), fileURLToPath(url));
  assert.equal(findSession([`--title=x --import=${inSession} --import=tsx`], url), folder);
  assert.equal(findSession(['', '--import', inSession], url), folder);
  assert.equal(findSession([`--import=${url}`, '--import=ttprof/register'], url), undefined);
  assert.equal(findSession([`--import=file:///elsewhere/register.js?session=x`], url), undefined);
});

test('a session takes the place of another', () => {
  const [outer, inner] = ['/tmp/outer', '/tmp/inner'].map((folder) => urlInSession(url, folder)) as [
    string,
    string,
  ];
  assert.equal(extendNodeOptions(`--title=x --import=${outer}`, inner, cwd), `--title=x --import=${inner}`);
  assert.deepEqual(replaceInExecArgv([`--import=${outer}`], inner, cwd), [`--import=${inner}`]);
  assert.equal(replaceInNodeOptions(`--import=${outer}`, url, cwd), `--import=${url}`);
});

test('a path to be required is quoted as NODE_OPTIONS wants it', () => {
  const required = requirePreload('--title=x', 'file:///a%20%22b%22/register.js');
  const path = fileURLToPath('file:///a%20%22b%22/register.cjs').replace(/[\\"]/g, '\\$&');
  assert.equal(required, `--title=x --require="${path}"`);
});
