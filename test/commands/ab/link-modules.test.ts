import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeLink } from '../../../dist/commands/ab/link-modules.js';
import { removeLinks } from '../../../dist/commands/ab/remove-folder.js';
import { makeFolder } from '../../temporary-folder.js';

const refuse = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

test('where links are refused a file is linked hard, and a folder is copied', () => {
  const folder = makeFolder({ 'from/file': 'text', 'from/deep/other': 'more' });
  placeLink(join(folder, 'from/file'), join(folder, 'file'), false, refuse('EPERM'));
  assert.equal(lstatSync(join(folder, 'file')).ino, lstatSync(join(folder, 'from/file')).ino);
  placeLink(join(folder, 'from'), join(folder, 'copy'), true, refuse('EPERM'));
  assert.equal(readFileSync(join(folder, 'copy/deep/other'), 'utf8'), 'more');
  assert.ok(!lstatSync(join(folder, 'copy')).isSymbolicLink());
});

test('any other error is told in one line', () => {
  const folder = makeFolder({ file: 'text' });
  assert.throws(() => placeLink(join(folder, 'file'), join(folder, 'link'), false, refuse('ENOSPC')), {
    name: 'TtprofError',
    message: /^cannot link [^\n]*link: ENOSPC$/,
  });
});

test('links in node_modules are taken away, what they lead to stays', () => {
  const folder = makeFolder({
    'outside/file': 'text',
    'root/node_modules/own/file': '',
    'root/node_modules/@scope/x': '',
  });
  for (const name of ['root/node_modules/dep', 'root/node_modules/@scope/dep', 'root/link'])
    symlinkSync(join(folder, 'outside'), join(folder, name), 'junction');
  removeLinks(join(folder, 'root'));
  assert.ok(!existsSync(join(folder, 'root/node_modules/dep')));
  assert.ok(!existsSync(join(folder, 'root/node_modules/@scope/dep')));
  assert.ok(existsSync(join(folder, 'root/link')), "the project's own");
  assert.equal(readFileSync(join(folder, 'outside/file'), 'utf8'), 'text');
});
