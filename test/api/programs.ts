import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from '../clean-environment.js';
import { runToEnd } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';

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
  const texts = Object.entries(files).map(([name, text]) => [
    name,
    text.replaceAll("'ttprof'", JSON.stringify(API_URL)),
  ]);
  const folder = makeFolder(Object.fromEntries(texts));
  const run = (args: string[]): Ended => {
    const { stdout, stderr, status } = runToEnd(process.execPath, args, {
      cwd: folder,
      env: { ...cleanEnvironment(), NO_COLOR: '1' },
    });
    return { stdout, stderr, status };
  };
  return { folder, node: (...args) => run(args), ttprof: (...args) => run([COMMAND, ...args]) };
}
