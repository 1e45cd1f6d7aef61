import { closeSync, openSync, readSync } from 'node:fs';

/** Offsets in the header of a 64-bit ELF file (`Elf64_Ehdr` in elf(5)). */
const HEADER = { bytes: 64, magic: 0x7f454c46, segmentsAt: 32, segmentBytes: 54, segments: 56 };
/** Offsets in a program header (`Elf64_Phdr`). */
const SEGMENT = { type: 0, at: 8, bytes: 32 };
/** `PT_NOTE`: a segment of notes. */
const NOTES = 4;
/** The lengths of a note's name and content, and its type. */
const NOTE_HEADER_BYTES = 12;
const ALIGNMENT = 4;
/** Under this name Node's single executable applications hold their program. */
const NAME = 'NODE_SEA_BLOB\0';

/**
 * Is a file Node with a program in it? Known on Linux only; macOS and Windows mark such files in other ways.
 * @see https://nodejs.org/api/single-executable-applications.html
 */
export function isSingleExecutable(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    const header = readBytes(file, 0, HEADER.bytes);
    if (header.readUInt32BE(0) !== HEADER.magic) return false;
    const bytes = header.readUInt16LE(HEADER.segmentBytes);
    const table = readBytes(
      file,
      readNumber(header, HEADER.segmentsAt),
      bytes * header.readUInt16LE(HEADER.segments),
    );
    for (let at = 0; at < table.length; at += bytes) {
      if (table.readUInt32LE(at + SEGMENT.type) !== NOTES) continue;
      const from = readNumber(table, at + SEGMENT.at);
      if (hasNote(file, from, from + readNumber(table, at + SEGMENT.bytes))) return true;
    }
    return false;
  } catch {
    return false; // shorter than its header says
  } finally {
    closeSync(file);
  }
}

function hasNote(file: number, from: number, end: number): boolean {
  for (let at = from; at < end; ) {
    const note = readBytes(file, at, NOTE_HEADER_BYTES);
    const nameBytes = note.readUInt32LE(0);
    at += NOTE_HEADER_BYTES;
    if (nameBytes === NAME.length && readBytes(file, at, nameBytes).toString('latin1') === NAME) return true;
    at += align(nameBytes) + align(note.readUInt32LE(4));
  }
  return false;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function readNumber(buffer: Buffer, at: number): number {
  return Number(buffer.readBigUInt64LE(at));
}

/** @throws where the file ends before */
function readBytes(file: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (readSync(file, buffer, 0, bytes, at) < bytes) throw new Error('the file ends before');
  return buffer;
}
