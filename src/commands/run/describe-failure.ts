import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { NODE_EXTENSIONS } from './resolve-program.js';

/** Why a program cannot be started, and what was probably meant. */
export function describeFailure(command: string, cwd: string, error: NodeJS.ErrnoException): string {
  return `cannot run ${JSON.stringify(command)}: ${reasonFor(command, resolve(cwd, command), error)}`;
}

function reasonFor(command: string, path: string, { code, message }: NodeJS.ErrnoException): string {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.isDirectory()) return `is a folder; for what its package.json names, write -- node ${command}`;
  if (code === 'EACCES' && file) return 'is neither executable nor a script of Node.js';
  if (code !== 'ENOENT') return message;
  if (file && !/[\\/]/.test(command)) return 'is neither a script of Node.js nor a command in PATH';
  if (file) return 'the interpreter that its first line names does not exist';
  const extension = [...NODE_EXTENSIONS].find((each) => existsSync(path + each));
  const hint = extension === undefined ? '' : `; did you mean ${command}${extension}?`;
  return `no such file, and no such command in PATH${hint}`;
}
