#!/usr/bin/env node
import { constants } from 'node:os';
import type { Ending } from './commands/run/launch.js';
import type { Settings } from './config/config.js';
import { renderHelp } from './config/help.js';
import type { Command } from './config/options.js';
import { readCommandSettings } from './config/read-config.js';
import { TtprofError } from './shared/errors.js';
import { EXIT_CODES } from './shared/exit-codes.js';
import { say } from './shared/say.js';
import { readVersion } from './shared/version.js';

const SUBCOMMANDS: readonly Command[] = ['list', 'report', 'ab', 'timeit', 'bisect', 'init'];

// `ttprof --help | head` has seen enough
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    if (args.length === 0) {
      process.stdout.write(renderHelp(readVersion()));
      process.exitCode = EXIT_CODES.wrongUsage;
      return;
    }
    endLike(await run(args));
  } catch (error) {
    if (!(error instanceof TtprofError)) throw error;
    say(error.message);
    process.exitCode = EXIT_CODES.wrongUsage;
  }
}

async function run(args: readonly string[]): Promise<Ending> {
  const command = SUBCOMMANDS.find((name) => name === args[0]) ?? 'run';
  const after = command === 'run' ? args : args.slice(1);
  // `--json` takes a file everywhere else
  const own = command === 'list' ? '--json' : command === 'init' ? '--write' : null;
  const isGiven = own !== null && after.includes(own);
  const read = isGiven ? after.filter((arg) => arg !== own) : after;
  const { settings, rest, warnings } = readCommandSettings(read, command, process.env, process.cwd());
  if (settings.help || settings.version) {
    process.stdout.write(settings.help ? renderHelp(readVersion()) : `${readVersion()}\n`);
    return { exitCode: 0, signal: null };
  }
  for (const warning of warnings) say(warning);
  return execute(command, settings, isGiven ? [own, ...rest] : rest);
}

async function execute(command: Command, settings: Settings, rest: readonly string[]): Promise<Ending> {
  switch (command) {
    case 'report': {
      const { runReport } = await import('./commands/report/report.js');
      return { exitCode: await runReport(settings, rest), signal: null };
    }
    case 'init': {
      const { runInit } = await import('./commands/init/init.js');
      return { exitCode: runInit(rest), signal: null };
    }
    case 'list': {
      const { runList } = await import('./commands/list/list.js');
      return { exitCode: runList(rest), signal: null };
    }
    case 'ab': {
      const { compareVersions } = await import('./commands/ab/ab.js');
      return compareVersions(settings, rest);
    }
    case 'bisect': {
      const { runBisect } = await import('./commands/bisect/bisect.js');
      return runBisect(settings, rest);
    }
    case 'timeit': {
      const { runTimeit } = await import('./commands/timeit/timeit.js');
      return runTimeit(settings, rest);
    }
    default: {
      const { runProgram } = await import('./commands/run/run.js');
      return runProgram(settings, rest);
    }
  }
}

/** Ends this process as the app ended: with its exit code, or by its signal. */
function endLike({ exitCode, signal }: Ending): void {
  process.exitCode = exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  // Windows knows no death by signal, and a signal that is blocked here leaves the exit code
  if (signal !== null && process.platform !== 'win32') process.kill(process.pid, signal);
}
