import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TargetFacts } from '../../dist/runtime/contract.js';
import { cleanEnvironment } from '../clean-environment.js';
import { runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** The test preload: the loader with a runtime that only counts. */
export const PRELOAD = pathToFileURL(join(root, 'test/fixtures/modules/preload.mjs')).href;
/** Where development dependencies can be resolved from. */
export const REPOSITORY = root;

export interface RunOptions {
  readonly targets: readonly string[];
  /** Flags of Node; `'PRELOAD'` stands for the preload (default: only that). */
  readonly flags?: readonly string[];
  readonly hooks?: 'sync' | 'async';
  readonly cache?: boolean;
  readonly debug?: boolean;
  readonly entry?: string | null;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Seen {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls by `path:name`, paths relative to the project; functions that were matched and not called have 0. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of the first thread that ended, and so of the only one where there is one. */
  readonly facts: readonly TargetFacts[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly debug: readonly string[];
  /** Files of CommonJS modules in the program's cache at its end. */
  readonly required: readonly string[];
  /** URLs and paths of all that the thread compiled. */
  readonly scripts: readonly string[];
}

/** Runs a program with the preload. Counts of all threads and processes are added up. */
export function runProgram(project: string, args: readonly string[], options: RunOptions): Seen {
  const { flags = ['PRELOAD'], env, ...loader } = options;
  const out = makeFolder();
  const preload = ['--import', PRELOAD];
  const { status, stdout, stderr } = runToEnd(
    process.execPath,
    [...flags.flatMap((flag) => (flag === 'PRELOAD' ? preload : [flag])), ...args],
    {
      cwd: options.cwd ?? project,
      env: {
        ...cleanEnvironment(),
        ...env,
        TTPROF_TEST: JSON.stringify({ out, ...loader }),
      },
    },
  );
  const threads = readdirSync(out).map((name) => JSON.parse(readFileSync(join(out, name), 'utf8')));
  const counts: Record<string, number> = {};
  for (const thread of threads)
    for (const [key, calls] of Object.entries<number>(thread.counts)) {
      const name = relative(project, key).replaceAll('\\', '/');
      counts[name] = (counts[name] ?? 0) + calls;
    }
  const { facts, required, scripts } = threads[0] ?? { facts: [], required: [], scripts: [] };
  const all = (key: string) => threads.flatMap((thread) => thread[key] as string[]);
  return {
    status,
    stdout,
    stderr,
    counts,
    facts,
    notes: all('notes'),
    warnings: all('warnings'),
    debug: all('debug'),
    required,
    scripts,
  };
}

/** Does the Node that runs the tests strip types by itself? */
export const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);
