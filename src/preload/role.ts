/** What a process or worker is to the measurement, and its configuration. */
import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { NO_SESSION, SESSION_VARIABLE } from '../config/environment.js';
import { urlInSession } from '../config/pass-on.js';
import { readSettings } from '../config/read-config.js';
import { readScriptEntry, type ScriptEntry } from '../config/script-entry.js';
import { mapEntry } from '../loader/hooks/entry-hook.js';
import { isMainThread, readShared, shareWithWorkers } from '../runtime/memory/threads.js';
import type { Baseline } from '../session/conclude.js';
import { createSession, noteMeasuring, openSession, type Session } from '../session/session.js';
import { reasonOf } from '../shared/errors.js';
import { say } from '../shared/say.js';
import { loadReporting } from './own-script.js';
import { findToldSession, passOn, restoreEnvironment } from './told-session.js';

/** Under this key the main thread tells its workers what to measure. */
const WORKER_DATA = 'ttprof.config';

/** A session that is there, in a process that may not read it: another user's, or one under `--permission`. */
const DENIALS = new Set<string | undefined>(['EACCES', 'ERR_ACCESS_DENIED']);

interface Measurement {
  readonly config: Config;
  /** The root process's working directory. */
  readonly cwd: string;
}

/** The first process of its tree: it reports. */
export interface RootRole extends Measurement {
  readonly kind: 'root';
  readonly session: Session | null;
  readonly baseline: Baseline | null;
}

/** A process below a root: it leaves its recording in the session's folder. */
export interface ChildRole extends Measurement {
  readonly kind: 'child';
  readonly session: Session;
}

/** A thread: its recording is in the memory that it shares with the main thread. */
export interface WorkerRole extends Measurement {
  readonly kind: 'worker';
  readonly sessionFolder: string | null;
}

export type Role = RootRole | ChildRole | WorkerRole;

/** Where processes leave what they record; null where there is no such place. */
export function sessionFolderOf(role: Role): string | null {
  return role.kind === 'worker' ? role.sessionFolder : (role.session?.folder ?? null);
}

/** To be called when something in this thread is measured for the first time. */
export function noteMeasured(role: Role): void {
  const folder = sessionFolderOf(role);
  // a root tells itself what it recorded
  if (folder !== null && role.kind !== 'root') noteMeasuring(folder);
}

/**
 * @param preloadUrl file URL of `register.js`
 * @returns null where there is nothing to measure
 * @throws {TtprofError} for wrong usage
 */
export function findRole(preloadUrl: string): Role | null {
  if (!isMainThread) {
    return (readShared(WORKER_DATA) as WorkerRole | undefined) ?? null;
  }
  const entry = takeEntry();
  const told = findToldSession(preloadUrl);
  restoreEnvironment();
  const role = findProcessRole(entry, told.folder);
  const { session = null } = role ?? {};
  const url = session === null ? preloadUrl : urlInSession(preloadUrl, session.folder);
  const isPassedOn = role !== null && (role.kind === 'root' || told.byEnvironment);
  if (session !== null && isPassedOn) process.env[SESSION_VARIABLE] = session.folder;
  passOn(url, isPassedOn);
  if (role === null) return null;
  const { config, cwd } = role;
  const worker: WorkerRole = { kind: 'worker', config, cwd, sessionFolder: session?.folder ?? null };
  shareWithWorkers(WORKER_DATA, worker);
  return role;
}

function findProcessRole(entry: ScriptEntry, folder: string | undefined): RootRole | ChildRole | null {
  const opened = openChildRole(folder);
  // what is written after the script is meant for this process, what is in the environment was for the session
  if (opened === 'ended') return entry.layer.targets?.length ? createRootRole(entry) : null;
  return opened ?? createRootRole(entry);
}

/** Takes our options out of `process.argv`. */
function takeEntry(): ScriptEntry {
  const isEval = (process as { _eval?: string })._eval !== undefined;
  const entry = readScriptEntry(process.argv, isEval);
  const cwd = process.cwd();
  if (entry.mistaken !== null && entry.script !== null) mapEntry(entry.mistaken, entry.script, cwd);
  const script =
    entry.script === null ? [] : [entry.mistaken === null ? entry.script : resolve(cwd, entry.script)];
  process.argv.splice(1, process.argv.length, ...script, ...entry.args);
  return entry;
}

/**
 * The session that an ancestor made; null: there is none, and this process may be a root.
 * Where it has ended, this process or its parent outlived the root (a daemon, a shell): nobody waits for a recording.
 */
function openChildRole(folder: string | undefined): ChildRole | 'ended' | null {
  if (folder === undefined || folder === '' || folder === NO_SESSION) return null;
  try {
    const session = openSession(folder);
    return { kind: 'child', session, config: session.config as Config, cwd: session.cwd };
  } catch (error) {
    const { message, cause } = error as Error & { cause: NodeJS.ErrnoException };
    if (DENIALS.has(cause.code)) say(`process ${process.pid} is not measured: ${message}`);
    return 'ended';
  }
}

function createRootRole(entry: ScriptEntry): RootRole | null {
  const cwd = process.cwd();
  const { settings, warnings } = readSettings(entry.layer, '--ttprof', process.env, cwd);
  const told = process.env[SESSION_VARIABLE] === NO_SESSION;
  if (!told) for (const warning of warnings) say(warning);
  if (settings.targets.length === 0) {
    if (!told) {
      say(
        'nothing is measured: name a target with --ttprof=[module:]function after the script, or in TTPROF',
      );
    }
    process.env[SESSION_VARIABLE] = NO_SESSION;
    return null;
  }
  const baseline = openBaseline(settings);
  const session = tryCreateSession(settings, cwd);
  if (session === null) process.env[SESSION_VARIABLE] = NO_SESSION;
  return { kind: 'root', session, baseline, config: settings, cwd };
}

function openBaseline(config: Config): Baseline | null {
  return config.baseline === null ? null : loadReporting().openBaseline(config, 1);
}

function tryCreateSession(config: Config, cwd: string): Session | null {
  try {
    return createSession(config, cwd);
  } catch (error) {
    say(`only this process is measured: ${reasonOf(error)}`);
    return null;
  }
}
