import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const dist = new URL('../../dist/', import.meta.url);
export const API_URL = new URL('index.js', dist).href;
export const PRELOAD_URL = new URL('register.js', dist).href;
const COMMAND = fileURLToPath(new URL('cli.js', dist));

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

export interface Program {
  readonly folder: string;
  node(...args: string[]): Ended;
  /** The `ttprof` command. */
  ttprof(...args: string[]): Ended;
}

/** A program in a folder of its own, in which `ttprof` in import specifiers stands for the built package. */
export function makeProgram(files: Readonly<Record<string, string>>): Program {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-program-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.replaceAll("'ttprof'", JSON.stringify(API_URL)));
  }
  const run = (args: string[]): Ended => {
    // what configures the process that tests must not reach those that it starts
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/^(?:NODE_OPTIONS|TTPROF)/.test(key)),
    );
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...env, NO_COLOR: '1' },
      timeout: 60_000,
    });
    return { stdout, stderr, status };
  };
  return { folder, node: (...args) => run(args), ttprof: (...args) => run([COMMAND, ...args]) };
}
