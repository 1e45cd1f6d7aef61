import { TtprofError } from '../shared/errors.js';
import type { Layer } from './layer.js';
import { takeArgument, takeScriptArguments } from './script-arguments.js';

/** What `process.argv` says after Node's own options. */
export interface ScriptEntry {
  readonly layer: Layer;
  /** The script, as written; null where there is none (`-e`, the REPL, stdin). */
  readonly script: string | null;
  /** The app's arguments without ours. */
  readonly args: readonly string[];
  /** Our argument that Node takes for the script, as in `node --import ttprof/register -- --ttprof=T app.js`; or null. */
  readonly mistaken: string | null;
}

/**
 * Reads our options after the script, or before it.
 * @param argv `process.argv` as Node made it
 * @param isEval whether the program came with `-e`: there is no script, all arguments are the app's
 * @throws {TtprofError} for wrong usage
 */
export function readScriptEntry(argv: readonly string[], isEval: boolean): ScriptEntry {
  if (isEval) {
    const { layer, rest } = takeScriptArguments(argv.slice(1));
    return { layer, script: null, args: rest, mistaken: null };
  }
  const layer: Layer = {};
  let at = 1;
  while (at < argv.length && takeArgument(layer, argv[at]!)) at += 1;
  const mistaken = at > 1 ? argv[1]! : null;
  const script = argv[at] ?? null;
  if (mistaken !== null && script === null) {
    throw new TtprofError(
      `no script after ${argv[at - 1]}: node --import ttprof/register -- --ttprof=T app.js`,
    );
  }
  const after = takeScriptArguments(argv.slice(at + 1));
  return {
    layer: {
      ...layer,
      ...after.layer,
      targets: [...(layer.targets ?? []), ...(after.layer.targets ?? [])],
    },
    script,
    args: after.rest,
    mistaken,
  };
}
