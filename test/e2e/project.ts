import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cleanEnvironment } from '../clean-environment.js';
import { endInTime } from '../run-to-end.js';
import { installPackage } from './installed-package.js';

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Within the project. */
  readonly cwd?: string;
  /** Called when the process has started. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** What the tests read of a report in JSON. */
export interface SavedReport {
  readonly functions: readonly {
    readonly name: string;
    readonly calls: number;
    readonly unfinished: number;
    readonly runs: readonly { readonly calls: number }[];
    readonly delta: { readonly verdict: string | null; readonly percent: number } | null;
  }[];
  readonly targets: readonly {
    readonly target: string;
    readonly matched: number;
    readonly reason: string | null;
  }[];
  readonly run: {
    readonly processes: number;
    readonly threads: number;
    readonly runs: number;
    readonly exit_code: number | null;
    readonly signal: string | null;
  };
  readonly notes: readonly string[];
}

/** A folder with a program, below the one in which the package is installed. */
export class Project {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param files texts by paths within the project */
  static async create(files: Record<string, string>): Promise<Project> {
    const installed = realpathSync(await installPackage());
    const project = new Project(mkdtempSync(join(installed, 'project-')));
    for (const [path, text] of Object.entries(files)) project.write(path, text);
    mkdirSync(project.temporary);
    return project;
  }

  /** What programs that are killed leave there goes with the project. */
  private get temporary(): string {
    return this.path('.temporary');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  exists(path: string): boolean {
    return existsSync(this.path(path));
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  readReport(path: string): SavedReport {
    return JSON.parse(this.read(path));
  }

  /** Counts of calls by name. */
  readCalls(path: string): Record<string, number> {
    return Object.fromEntries(this.readReport(path).functions.map(({ name, calls }) => [name, calls]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs the Node that runs the tests. */
  node(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return this.run(process.execPath, args, options);
  }

  /** Runs the `ttprof` command of the installed package. */
  ttprof(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return this.node([join(this.folder, '../node_modules/ttprof/lib/cli.js'), ...args], options);
  }

  run(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
    const child = spawn(command, args, {
      cwd: join(this.folder, options.cwd ?? ''),
      env: { ...cleanEnvironment(), TMPDIR: this.temporary, TEMP: this.temporary, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    }
    options.onStart?.(child);
    const finished = new Promise<Finished>((resolve, reject) => {
      child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, ...texts }));
    });
    return endInTime(child, finished, texts);
  }
}
