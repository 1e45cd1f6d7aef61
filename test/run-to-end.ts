import {
  type ChildProcess,
  type SpawnSyncOptions,
  type SpawnSyncReturns,
  spawnSync,
} from 'node:child_process';

/**
 * Far more than any program that tests start takes, on a busy machine too: what takes longer hangs. Node itself does, at
 * its end, once in a while (https://github.com/nodejs/node/issues/54918).
 */
export const PATIENCE_MS = 120_000;
/** How much of what a program said is told of it. */
const MAX_TOLD = 4000;

/**
 * `spawnSync`, with texts. A program that cannot be started or does not end fails its test, with its command and what it
 * has said, instead of holding up all of them.
 */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: Omit<SpawnSyncOptions, 'encoding'> = {},
): SpawnSyncReturns<string> {
  const patience = { timeout: PATIENCE_MS, killSignal: 'SIGKILL' } as const;
  const ended = spawnSync(command, args, { ...patience, ...options, encoding: 'utf8' });
  const { error, stdout, stderr } = ended;
  if (error) throw new Error(`${error.message}\n${tellProgram([command, ...args], { stdout, stderr })}`);
  return ended;
}

/**
 * Kills a child that does not end, and rejects then, whoever holds its streams.
 * @param texts what it has said so far
 */
export async function endInTime<T>(
  child: ChildProcess,
  ended: Promise<T>,
  texts: { readonly stdout: string; readonly stderr: string },
): Promise<T> {
  let patience: NodeJS.Timeout;
  const impatience = new Promise<never>((_, reject) => {
    patience = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`no end within ${PATIENCE_MS / 1000} s\n${tellProgram(child.spawnargs, texts)}`));
    }, PATIENCE_MS);
  });
  return Promise.race([ended, impatience]).finally(() => clearTimeout(patience));
}

function tellProgram(args: readonly string[], texts: { stdout: string; stderr: string }): string {
  const told = Object.entries(texts).map(([name, text]) => `--- ${name}\n${text?.slice(-MAX_TOLD)}`);
  return [args.join(' '), ...told].join('\n');
}
