/**
 * Sees each child process that this thread starts, just before, with the environment that it is given: what
 * `child_process` hands to Node's own code. The program sees nothing of it: an asynchronous child's handle is changed
 * only until it is used, and the binding behind `spawnSync` is not part of any module.
 */
import { asOwnWork } from '../runtime/contract.js';

/** What Node is about to start. */
export interface Spawning {
  readonly file: string;
  /** The name of the program first. */
  readonly args: readonly string[];
  /** `NAME=value` each. */
  readonly envPairs: readonly string[];
  /** Whether it will run as somebody else. */
  readonly isOtherUser: boolean;
}

/** What is changed about a start. */
export interface SpawnPlan {
  /** Replace the child's own. */
  readonly envPairs?: readonly string[];
  readonly onStart?: (pid: number) => void;
}

/** @returns null: nothing */
export type PlanSpawn = (child: Spawning) => SpawnPlan | null;

/** On Node 20 and 22, and for `spawnSync`, these are the first argument; else each is an argument of its own. */
interface SpawnOptions {
  readonly file: string;
  readonly args?: readonly string[];
  readonly envPairs?: readonly string[];
  readonly uid?: number | null;
  readonly gid?: number | null;
}
const ENV_PAIRS_AT = 3;

type Spawn = (this: unknown, ...args: unknown[]) => unknown;
interface Handle {
  spawn: Spawn;
  readonly pid?: number;
}

// Captured: the program may replace it.
const { apply } = Reflect;

/** Calls `plan` for each child process that this thread starts from now on. */
export function seeSpawns(plan: PlanSpawn): void {
  process.getBuiltinModule('node:diagnostics_channel').subscribe('child_process', (message) => {
    // https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#child-process: it is not started yet
    const handle = (message as { process: { _handle?: Handle } }).process._handle;
    if (typeof handle?.spawn !== 'function') return;
    const { spawn } = handle;
    handle.spawn = function (...args) {
      // uncovers the method of the prototype again
      delete (this as Partial<Handle>).spawn;
      return spawnSeen(plan, args, spawn, this, () => handle.pid);
    };
  });
  const binding = findSyncBinding();
  if (typeof binding?.spawn !== 'function') return;
  const { spawn } = binding;
  binding.spawn = function (...args) {
    return spawnSeen(plan, args, spawn, this, (result) => (result as { pid?: number } | null)?.pid);
  };
}

/** Null where `process.binding` would make Node print a warning, or is forbidden. */
function findSyncBinding(): Handle | null {
  const { NODE_OPTIONS = '', NODE_PENDING_DEPRECATION } = process.env;
  const flags = [...process.execArgv, NODE_OPTIONS];
  if (NODE_PENDING_DEPRECATION === '1' || flags.some((flag) => flag.includes('--pending-deprecation')))
    return null;
  try {
    const { binding } = process as unknown as { binding?: (name: string) => Handle };
    return binding?.call(process, 'spawn_sync') ?? null;
  } catch {
    return null; // under Node's permission model
  }
}

function spawnSeen(
  plan: PlanSpawn,
  args: readonly unknown[],
  spawn: Spawn,
  self: unknown,
  pidOf: (result: unknown) => number | undefined,
): unknown {
  const child = readArguments(args);
  const { envPairs, onStart } = (child && guarded(() => plan(child))) ?? {};
  const result = apply(spawn, self, envPairs === undefined ? args : withEnvironment(args, envPairs));
  const pid = pidOf(result);
  if (onStart !== undefined && pid !== undefined && pid > 0) guarded(() => onStart(pid));
  return result;
}

function readArguments(args: readonly unknown[]): Spawning | null {
  const [first, names, , pairs, , , userId, groupId] = args;
  const given =
    typeof first === 'object' && first !== null
      ? (first as SpawnOptions)
      : { file: first, args: names, envPairs: pairs, uid: userId, gid: groupId };
  const { file, args: own = [], envPairs = [], uid, gid } = given as SpawnOptions;
  // programs can call this function themselves, with any arguments
  if (typeof file !== 'string' || !Array.isArray(own) || !Array.isArray(envPairs)) return null;
  return { file, args: own, envPairs, isOtherUser: (uid ?? gid ?? null) !== null };
}

function withEnvironment(args: readonly unknown[], envPairs: readonly string[]): unknown[] {
  const [first, ...rest] = args;
  if (typeof first === 'object') return [{ ...first, envPairs }, ...rest];
  return args.map((each, at) => (at === ENV_PAIRS_AT ? envPairs : each));
}

/** If our own code fails, the child starts as it would without ttprof. */
function guarded<T>(work: () => T): T | null {
  try {
    return asOwnWork(work);
  } catch {
    return null;
  }
}
