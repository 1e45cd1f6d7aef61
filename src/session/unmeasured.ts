/** Node processes below a measured one that did not load the preload: their calls are missing, and the report says so. */
import type { RunRecording, UnmeasuredProcess } from '../runtime/contract.js';
import { canonicalFile } from '../shared/names/canonical-name.js';

/** Node with one of these runs no program, or has children of its own run it (and loads no preload). */
const NO_PROGRAM =
  /^(?:-v|--version|-h|--help|-c|--check|--v8-options|--completion-bash|--test|--watch|--watch-path|--run)(?:=|$)/;
/** Flags of Node whose value may be the next argument. */
const TAKES_VALUE =
  /^(?:-r|-C|--(?:require|import|(?:experimental-)?loader|conditions|title|input-type|env-file))$/;
/** How many scripts a note names at most. */
const MAX_SHOWN = 3;

/** Is a program Node, by its name? */
export function isNode(executable: string): boolean {
  return executable === process.execPath || /(?:^|[/\\])node(?:\.exe)?$/i.test(executable);
}

/**
 * The script that a Node process runs.
 * @param command the executable and its arguments, as `ps` shows them
 * @returns the script as it was given, or the flag in its place; null where it is not Node, or a command of ours
 */
export function findNodeScript([executable = '', ...args]: readonly string[]): string | null {
  if (!isNode(executable) || args.some((arg) => NO_PROGRAM.test(arg))) return null;
  const isScript = (arg: string, at: number) => !arg.startsWith('-') && !TAKES_VALUE.test(args[at - 1] ?? '');
  const script = args.find(isScript) ?? args[0] ?? '';
  return /(?:^|[/\\])ttprof(?:[/\\]|$)/.test(script) ? null : script;
}

/** Without those that did leave a recording: a process may be seen before it has announced itself. */
export function listUnmeasured(runs: readonly RunRecording[]): UnmeasuredProcess[] {
  return runs.flatMap(({ processes, unmeasured = [] }) => {
    const measured = new Set(processes.map(({ pid }) => pid));
    const seen = [...unmeasured, ...processes.flatMap((each) => each.unmeasured ?? [])];
    const byPid = new Map(seen.map((each) => [each.pid, each]));
    return [...byPid.values()].filter(({ pid }) => !measured.has(pid));
  });
}

/**
 * What a report says of them, and of a command that went well and below which nothing was measured at all.
 * @param cwd the root process's working directory
 * @returns one line or none
 */
export function noteUnmeasured(runs: readonly RunRecording[], cwd: string): string[] {
  const processes = listUnmeasured(runs);
  if (processes.length === 0) {
    if (!runs.some((run) => run.processes.length === 0 && run.exitCode === 0)) return [];
    return [
      'no process was measured: the command started no Node that reads NODE_OPTIONS (name a single executable ' +
        'application itself: ttprof -t … -- ./app)',
    ];
  }
  const names = [...new Set(processes.map(({ script }) => canonicalFile(script, cwd)))];
  const shown = names.slice(0, MAX_SHOWN).join(', ') + (names.length > MAX_SHOWN ? ', …' : '');
  const [what, their, it] =
    processes.length === 1
      ? ['a child process', 'its', 'it']
      : [`${processes.length} child processes`, 'their', 'them'];
  const advice = processes.every(({ isSingle }) => isSingle)
    ? `start ${it} by ttprof -t … -- ./app, not by way of another command`
    : `have NODE_OPTIONS passed on to ${it}`;
  return [`${what} ran without ttprof (${shown}): ${their} calls are missing; ${advice}`];
}
