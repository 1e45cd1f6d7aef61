/**
 * The preload: `node --import ttprof/register`, and what the `ttprof` command puts into NODE_OPTIONS. It runs before
 * every program, in every process and worker, so it is kept thin: the parser and the report are loaded when they are
 * needed, not before.
 */
import { fileURLToPath } from 'node:url';
import { TURNS_VARIABLE } from './config/environment.js';
import { adaptToLaunchers, installLoader } from './loader/install.js';
import { loadAllocation } from './preload/alloc.js';
import { prepareDrill } from './preload/drill/drill.js';
import { preparePerf } from './preload/perf.js';
import { arrangeEnd } from './preload/process-end.js';
import { findRole, noteMeasured, sessionFolderOf } from './preload/role.js';
import { shareProcess } from './preload/share-process.js';
import { installStandIns } from './preload/stand-ins.js';
import { watchChildren } from './preload/watch-children.js';
import { asOwnWork, hashSeedFlag, RUNTIME_KEY, type TurnsOptions } from './runtime/contract.js';
import { shareNow, shareWhenAsked } from './runtime/memory/threads.js';
import { startRuntime } from './runtime/runtime.js';
import { TtprofError } from './shared/errors.js';
import { EXIT_CODES } from './shared/exit-codes.js';
import { findScript } from './shared/find-script.js';
import { say } from './shared/say.js';

const COMMAND_FILE = fileURLToPath(new URL('./cli.js', import.meta.url));

// the second of two preloads (command line and NODE_OPTIONS, or two copies of ttprof) has nothing to do
if (!(RUNTIME_KEY in globalThis) && findScript() !== COMMAND_FILE) start();

function start(): void {
  try {
    asOwnWork(measure);
  } catch (error) {
    if (error instanceof TtprofError) {
      say(error.message);
      process.exit(EXIT_CODES.wrongUsage);
    }
    // a fault of ours: the app runs all the same
    say(`nothing is measured in process ${process.pid}: ${error instanceof Error ? error.stack : error}`);
  }
}

function measure(): void {
  // where nothing is measured, too: the flag alone changes how Node loads such programs
  adaptToLaunchers(import.meta.url);
  const role = findRole(import.meta.url);
  if (role === null) return;
  const { config, cwd } = role;
  const drill = prepareDrill(role);
  const alloc = loadAllocation(config);
  const folder = sessionFolderOf(role);
  const perf = preparePerf(config, folder);
  const runtime = startRuntime({
    raw: config.raw,
    sample: config.sample,
    cpu: config.cpu,
    settle: config.settle,
    warmup: config.warmup,
    by: config.by.length > 0,
    turns: readTurns(),
    note: drill?.note ?? perf?.note ?? null,
    alloc,
    beforeFirst() {
      noteMeasured(role);
      drill?.start();
    },
  });
  const exchange = shareProcess(runtime);
  const script = findScript();
  const loader = installLoader({
    targets: config.targets,
    cwd,
    entry: script,
    cache: config.cache,
    exchange,
    by: config.by,
    keepsSources: config.drill,
    debug: config.debug ? say : null,
    warn: say,
    beforeWorkerThreads: shareNow,
  });
  if (loader.seesBuiltins) shareWhenAsked();
  else shareNow();
  drill?.use(loader);
  const builtins = installStandIns(role, runtime);
  const listUnmeasured = folder === null ? () => [] : watchChildren(import.meta.url, folder);
  const sources = drill === null ? [loader, builtins] : [loader, builtins, drill];
  arrangeEnd(role, runtime, sources, script, {
    finish: () => loader.finish(),
    beforeReading: () => {
      drill?.finish();
      perf?.finish();
    },
    listUnmeasured,
  });
}

/** What `ttprof ab` says to the processes that it starts, with a flag that is not the program's. */
function readTurns(): TurnsOptions | null {
  const text = process.env[TURNS_VARIABLE];
  if (text === undefined) return null;
  const turns = JSON.parse(text) as TurnsOptions;
  process.execArgv = process.execArgv.filter((flag) => flag !== hashSeedFlag(turns));
  return turns;
}
