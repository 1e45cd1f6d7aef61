import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { reasonOf, TtprofError } from '../shared/errors.js';
import { replaceFile } from '../shared/replace-file.js';
import { sleepSync } from '../shared/sleep-sync.js';
import { fromJson } from './formats/json/read-json.js';
import type { Report } from './model.js';

/** How long to sleep before a full pipe is tried again, in ms. */
const RETRY_MS = 5;

/**
 * Writes all of a text synchronously. A pipe takes a part of a large write, and none (EAGAIN) while it is full:
 * then this waits for its reader, as a blocking write would.
 * @param fd an open file descriptor; throws the error of `write` (EPIPE, ENOSPC, …)
 */
export function writeAllSync(fd: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      sleepSync(RETRY_MS);
    }
  }
}

/**
 * Writes a file whole or not at all: to a temporary file beside it, then renamed. Devices and pipes, which cannot be
 * replaced, are written to.
 * @param path as the user gave it; symbolic links are followed; throws the file system's error
 */
export function writeFileWhole(path: string, text: string | Uint8Array): void {
  const device = windowsDevice(path);
  const existing = device === null ? statOrNull(path) : null;
  const content = typeof text === 'string' ? text : [text];
  if (device !== null) writeThrough(device, text);
  else if (existing === null) replaceFile(path, content);
  else if (existing.isFile()) replaceFile(realpathSync(path), content, { mode: existing.mode });
  else writeThrough(path, text);
}

/** Is a path a file, or nothing yet? Others are not read first: reading a pipe would wait for ever. */
export function isReplaceable(path: string): boolean {
  return windowsDevice(path) === null && (statOrNull(path)?.isFile() ?? true);
}

/** Names that mean a device in every folder of Windows: `NUL` is its `/dev/null`. */
const DEVICE = /(?:^|[\\/])(nul|con|aux|prn|com\d|lpt\d)(?:\.[^\\/]*)?$/i;

/**
 * The device that a path means, as its file system calls it: Node makes a file of that name where a path leads there
 * (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
 */
export function windowsDevice(path: string, platform: NodeJS.Platform = process.platform): string | null {
  const [, name] = platform === 'win32' ? (DEVICE.exec(path) ?? []) : [];
  return name === undefined ? null : `\\\\.\\${name}`;
}

/** Appends to a file, with an empty line between what is there and the text; throws the file system's error. */
export function appendToFile(path: string, text: string): void {
  const existing = statOrNull(path);
  const device = windowsDevice(path);
  if (device !== null) writeThrough(device, text);
  else if (existing !== null && !existing.isFile()) writeThrough(path, text);
  else appendFileSync(path, existing !== null && existing.size > 0 ? `\n${text}` : text);
}

/**
 * The saved report of a path.
 * @param name what errors call the file
 * @throws {TtprofError} of one line where it cannot be read
 */
export function readReportFile(path: string, name = path): Report {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new TtprofError(`${name}: ${describeFileError(error, 'read')}`);
  }
  // PowerShell's `>` writes UTF-16
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return fromJson(bytes.toString(utf16 ? 'utf16le' : 'utf8'), name);
}

/** As {@link readReportFile}, for the value of `--baseline`, which errors name. */
export function readBaselineFile(path: string): Report {
  return readReportFile(path, `--baseline ${path}`);
}

/** The reason of a failed file operation in words. */
export function describeFileError(error: unknown, action: 'read' | 'write'): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return action === 'read' ? 'no such file' : 'its folder does not exist';
    case 'EISDIR':
      return 'is a folder, not a file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOSPC':
      return 'no space left on the device';
    case 'EFBIG':
      return 'the file would become too large';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOTDIR':
      return 'a part of the path is a file, not a folder';
    default:
      return reasonOf(error);
  }
}

function writeThrough(path: string, text: string | Uint8Array): void {
  const fd = openSync(path, 'w');
  try {
    writeAllSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

function statOrNull(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}
