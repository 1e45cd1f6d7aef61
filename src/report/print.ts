import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { withFileLock } from './file-lock.js';
import {
  appendToFile,
  describeFileError,
  isReplaceable,
  readReportFile,
  writeAllSync,
  writeFileWhole,
} from './files.js';
import type { FormatPaths } from './formats/format-keys.js';
import { FORMATS, type ReportFormat, toView, type ViewConfig } from './formats/index.js';
import { wantsColor } from './formats/table/color.js';
import { renderTable } from './formats/table/table.js';
import { mergeRoots } from './merge/merge-reports.js';
import { isSameRunRoot } from './merge/same-run-root.js';
import type { Report } from './model.js';

/** A stream that can be written to at once, even while the process ends: `process.stdout` or one for a test. */
export interface OutputStream {
  /** Written to directly where there is one: a stream's own buffer may never be flushed in an exit handler. */
  readonly fd?: number;
  readonly isTTY?: boolean;
  /** The terminal's width. */
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Streams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** What printing needs of the configuration. */
export type PrintConfig = Partial<FormatPaths> & Pick<Config, 'quiet'> & ViewConfig;

/**
 * Writes the report wherever the configuration wants it: the table to stderr, files whole, `-` to stdout. Never
 * throws: what cannot be written gets one line on stderr, and the rest is written all the same.
 * @param cwd where the configuration's paths start, absolute; the app may have changed its own folder since
 * @returns whether everything was written
 */
export function printReport(
  report: Report,
  config: PrintConfig,
  streams: Streams = process,
  cwd = '',
): boolean {
  const attempt = makeAttempt(streams);
  if (!config.quiet) attempt('the table', '-', () => writeTable(report, config, streams.stderr));
  const outputs = listOutputs(config);
  const isStream = ({ format, path }: Output) => path === '-' && format.toStdout;
  const files = outputs.filter((output) => !isStream(output));
  for (const { format, flag } of outputs.filter(isStream))
    attempt(flag, '-', () => writeTo(streams.stdout, String(format.render(report, config))));
  writeTogether(
    report,
    config,
    files.filter(({ format }) => format.write === 'whole'),
    cwd,
    attempt,
  );
  for (const { format, path, flag } of files.filter(({ format: { write } }) => write === 'append'))
    attempt(flag, path, () => appendToFile(resolve(cwd, path), String(format.render(report, config))));
  return attempt.complete;
}

/** One format that is wanted, and where. */
interface Output {
  readonly format: ReportFormat;
  readonly path: string;
  /** As the user writes it: `--json FILE`. */
  readonly flag: string;
}

function listOutputs(config: PrintConfig): Output[] {
  return FORMATS.flatMap((format) => {
    const path = config[format.key] ?? null;
    return path === null ? [] : [{ format, path, flag: `--${format.key} ${path}` }];
  });
}

/** Prints the table of a program that still runs: files, which roots of one run write together, wait for its end. */
export function printTable(report: Report, config: PrintConfig, streams: Streams = process): void {
  makeAttempt(streams)('the table', '-', () => writeTable(report, config, streams.stderr));
}

interface Attempt {
  (what: string, path: string, action: () => void): void;
  /** Whether all went well so far. */
  complete: boolean;
}

function makeAttempt(streams: Streams): Attempt {
  const attempt: Attempt = (what, path, action) => {
    try {
      action();
    } catch (error) {
      // the reader closed the stream, as `| head` does: no failure
      if (path === '-' && (error as NodeJS.ErrnoException).code === 'EPIPE') return;
      attempt.complete = false;
      complain(streams, `ttprof: cannot write ${what}: ${describeFileError(error, 'write')}\n`);
    }
  };
  attempt.complete = true;
  return attempt;
}

/** Writes the files that hold one report. All roots of a run write into them: what others wrote is read from the JSON. */
function writeTogether(
  report: Report,
  config: PrintConfig,
  outputs: readonly Output[],
  cwd: string,
  attempt: Attempt,
): void {
  let whole = report;
  const write = () => {
    for (const { format, path, flag } of outputs)
      attempt(flag, path, () => writeFileWhole(resolve(cwd, path), format.render(whole, config)));
  };
  const json = outputs.find(({ format }) => format.key === 'json');
  const jsonPath = json && resolve(cwd, json.path);
  // under the `ttprof` command, and when saved runs are printed again, this process is no root of a run
  if (jsonPath === undefined || report.run.pid !== process.pid || !isReplaceable(jsonPath)) {
    write();
    return;
  }
  attempt(json!.flag, jsonPath, () =>
    withFileLock(jsonPath, () => {
      whole = mergeWithWritten(report, jsonPath);
      write();
    }),
  );
}

/** The report together with what other roots of this run have written to the file already. */
function mergeWithWritten(report: Report, path: string): Report {
  let written: Report;
  try {
    written = readReportFile(path);
  } catch {
    return report; // nothing there yet, or something else, which is replaced as the user asked
  }
  return isSameRunRoot(written.run, report.run, process.env) ? mergeRoots([written, report]) : report;
}

function writeTable(report: Report, config: PrintConfig, stream: OutputStream): void {
  const isTTY = stream.isTTY === true;
  const columns = isTTY && stream.columns ? stream.columns : Number.POSITIVE_INFINITY;
  writeTo(stream, renderTable(report, { ...toView(config), columns, color: wantsColor(process.env, isTTY) }));
}

function writeTo(stream: OutputStream, text: string): void {
  // a console of Windows takes UTF-8 for another code page, but what its stream writes is translated
  const isConsole = process.platform === 'win32' && stream.isTTY === true;
  if (stream.fd === undefined || isConsole) stream.write(text);
  else writeAllSync(stream.fd, text);
}

function complain(streams: Streams, text: string): void {
  try {
    writeTo(streams.stderr, text);
  } catch {
    // nobody is left to tell
  }
}
