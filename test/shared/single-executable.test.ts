import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isSingleExecutable } from '../../dist/shared/executables/single-executable.js';
import { makeFolder } from '../temporary-folder.js';

/** As in elf(5): a header, one segment of a type, and in it notes of these names. */
function elf(type: number, names: readonly string[]): Buffer {
  const notes = names.map((name) => {
    const note = Buffer.alloc(12 + Math.ceil((name.length + 1) / 4) * 4 + 8);
    note.writeUInt32LE(name.length + 1, 0);
    note.writeUInt32LE(5, 4); // content, which is filled up to 8
    note.write(name, 12, 'latin1');
    return note;
  });
  const segment = Buffer.alloc(56);
  segment.writeUInt32LE(type, 0);
  segment.writeBigUInt64LE(120n, 8);
  segment.writeBigUInt64LE(BigInt(Buffer.concat(notes).length), 32);
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  return Buffer.concat([header, segment, ...notes]);
}

test('an application that holds its program in a note is told from others', () => {
  const folder = makeFolder();
  const is = (content: Buffer): boolean => {
    const path = join(folder, 'app');
    writeFileSync(path, content);
    return isSingleExecutable(path);
  };
  const app = elf(4, ['GNU', 'NODE_SEA_BLOB']);
  assert.equal(is(app), true);
  assert.equal(is(elf(4, ['GNU', 'NODE_SEA_BLOC'])), false);
  assert.equal(is(elf(1, ['NODE_SEA_BLOB'])), false, 'not a segment of notes');
  for (const end of [0, 3, 60, 100, app.length - 20]) assert.equal(is(app.subarray(0, end)), false);
  assert.equal(is(Buffer.from('#!/bin/sh\necho NODE_SEA_BLOB\n'.padEnd(200))), false);
  assert.equal(isSingleExecutable(process.execPath), false);
  assert.equal(isSingleExecutable(join(folder, 'nothing')), false);
});
