import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { hashBytes, hashText } from '../loader/hash.js';
import type { ProcessRecording } from '../runtime/contract.js';
import { replaceFile } from '../shared/replace-file.js';
import { readTrustedFile } from '../shared/trust.js';
import { uniqueName } from '../shared/unique-name.js';

// Captured: a target may be one of these functions, and our own calls must not be measured.
const { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = fs;

// Captured: the program may replace it.
const { from: toBuffer } = Buffer;

const SESSION_FILE = 'session.json';
const RECORDING = '.recording';
const ANNOUNCED = '.announced';
const CLAIMED = '.claimed';
const MEASURING = '.measuring';

/** What the processes of one tree share: a folder in which each leaves its recording, and their configuration. */
export interface Session {
  readonly folder: string;
  /** As given to {@link createSession}. */
  readonly config: unknown;
  /** The root process's working directory, from which names are shown. */
  readonly cwd: string;
  /**
   * Says that this process will write a recording; and, repeated now and then, that its event loop turns. Never throws.
   * @param handled signals that the program handles itself
   * @returns null, or why that could not be written
   */
  announce(handled?: readonly string[]): string | null;
  /** Processes that have not announced themselves since a time in ms since the Unix epoch. Never throws. */
  listSilent(sinceMs: number): Announcement[];
  /**
   * Writes this process's recording, in place of an earlier one, whole or not at all.
   * @returns whether it could be written; never throws
   */
  write(recording: ProcessRecording): boolean;
  /** All recordings that can be read. */
  readRecordings(): ProcessRecording[];
  /**
   * How many processes in which something was measured ({@link noteMeasuring}) wrote nothing, or what is damaged.
   * @param running process ids of those that may still write
   */
  countLost(running?: ReadonlySet<number>): number;
  /** Is this the first process that asks for a name? Where nobody can tell, it is not. Never throws. */
  claim(name: string): boolean;
  /** Removes the folder. Never throws. */
  remove(): void;
}

/** What a process last said of itself. */
export interface Announcement {
  readonly pid: number;
  /** Signals that the program handles itself. */
  readonly handled: readonly string[];
}

/**
 * Makes the session of a tree of processes, in a folder that only this user can read.
 * @param config plain data, for the other processes
 * @param cwd absolute path of the root process's working directory
 * @throws {Error} of one line where no folder can be made
 */
export function createSession(config: unknown, cwd: string): Session {
  let session: SessionFolder | null = null;
  try {
    session = new SessionFolder(mkdtempSync(`${tmpdir()}${sep}ttprof-`), config, cwd);
    const text = JSON.stringify({ config, cwd });
    const sealed = `${hashText(text)}\n${text}`;
    writeFileSync(`${session.folder}${sep}${SESSION_FILE}`, sealed, { mode: 0o600 });
  } catch (error) {
    session?.remove();
    throw new Error(`cannot make a folder for recordings in ${tmpdir()}: ${(error as Error).message}`);
  }
  return session;
}

/**
 * Joins the session that an ancestor made.
 * @param folder the value of `TTPROF_SESSION`
 * @throws {Error} of one line where the folder is gone or not a session's
 */
export function openSession(folder: string): Session {
  try {
    // whoever could write there could say what this process measures, and where it writes
    const [hash, text = ''] = readTrustedFile(join(folder, SESSION_FILE)).toString().split('\n');
    if (hash !== hashText(text)) throw new Error('it is damaged');
    const { config, cwd } = JSON.parse(text);
    return new SessionFolder(folder, config, cwd);
  } catch (error) {
    throw new Error(`cannot read the session ${folder}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Says that something is measured in this process, so that it is missed if it leaves no recording: of others nothing is
 * lost, and pools end spare processes as they start. To be called in any of its threads. Never throws.
 * @param folder of its session
 */
export function noteMeasuring(folder: string): void {
  try {
    writeFileSync(join(folder, process.pid + MEASURING), '', { mode: 0o600 });
  } catch {
    // the folder is gone, or Node's permission model forbids it
  }
}

// Loaded when a recording is written or read: at the start of every program each would cost a millisecond.
const v8 = () => process.getBuiltinModule('node:v8');

class SessionFolder implements Session {
  readonly #name = uniqueName();

  constructor(
    readonly folder: string,
    readonly config: unknown,
    readonly cwd: string,
  ) {}

  announce(handled: readonly string[] = []): string | null {
    try {
      writeFileSync(join(this.folder, this.#name + ANNOUNCED), handled.join(' '), { mode: 0o600 });
      return null;
    } catch (error) {
      return (error as Error).message; // the folder is gone or full, or Node's permission model forbids it
    }
  }

  listSilent(sinceMs: number): Announcement[] {
    return this.#list(ANNOUNCED).flatMap((name) => {
      const path = join(this.folder, name + ANNOUNCED);
      try {
        if (statSync(path).mtimeMs >= sinceMs) return [];
        return [{ pid: Number.parseInt(name, 10), handled: readFileSync(path, 'utf8').split(' ') }];
      } catch {
        return []; // the folder is gone
      }
    });
  }

  write(recording: ProcessRecording): boolean {
    try {
      const path = join(this.folder, this.#name + RECORDING);
      const bytes = v8().serialize(recording);
      replaceFile(path, [toBuffer(`${hashBytes(bytes)}\n`), bytes], { mode: 0o600 });
      return true;
    } catch {
      return false; // a full disk, or the folder is gone
    }
  }

  readRecordings(): ProcessRecording[] {
    return this.#list(RECORDING).flatMap((name) => {
      const bytes = this.#readRecording(name);
      return bytes === null ? [] : [v8().deserialize(bytes) as ProcessRecording];
    });
  }

  countLost(running: ReadonlySet<number> = new Set()): number {
    const measuring = new Set(
      this.#list(MEASURING)
        .map(Number)
        .filter((pid) => !running.has(pid)),
    );
    return this.#list(ANNOUNCED).filter(
      (name) => measuring.has(Number.parseInt(name, 10)) && this.#readRecording(name) === null,
    ).length;
  }

  /** Null where there is none, or a damaged one: numbers can be wrong in bytes that V8 reads without a complaint. */
  #readRecording(name: string): Buffer | null {
    try {
      const file = readFileSync(join(this.folder, name + RECORDING));
      const end = file.indexOf('\n');
      const bytes = file.subarray(end + 1);
      return file.toString('latin1', 0, end) === `${hashBytes(bytes)}` ? bytes : null;
    } catch {
      return null;
    }
  }

  claim(name: string): boolean {
    try {
      writeFileSync(join(this.folder, name + CLAIMED), '', { mode: 0o600, flag: 'wx' });
      return true;
    } catch {
      return false;
    }
  }

  remove(): void {
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // Left for the system's clean-up of temporary files.
    }
  }

  #list(suffix: string): string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => name.endsWith(suffix))
        .map((name) => name.slice(0, -suffix.length));
    } catch {
      return [];
    }
  }
}
