import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { wantsColor } from './color.js';
import { withFileLock } from './file-lock.js';
import {
  appendToFile,
  describeFileError,
  isReplaceable,
  readReportFile,
  writeAllSync,
  writeFileWhole,
} from './files.js';
import { renderHtml } from './html/render-html.js';
import { toJson } from './json.js';
import { toMarkdown } from './markdown.js';
import { mergeRoots } from './merge-reports.js';
import type { Report } from './model.js';
import { isSibling } from './sibling.js';
import { renderTable } from './table.js';

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
export type PrintConfig = Pick<Config, 'json' | 'markdown' | 'html' | 'sort' | 'top' | 'quiet'>;

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
  const rows = { sort: config.sort, top: config.top };
  let whole = report;
  let complete = true;
  const attempt = (what: string, path: string, action: () => void) => {
    try {
      action();
    } catch (error) {
      complete = false;
      // who closed the stream has seen enough: `| head` is no failure worth a line
      if (path === '-' && (error as NodeJS.ErrnoException).code === 'EPIPE') return;
      complain(streams, `ttprof: cannot write ${what}: ${describeFileError(error, 'write')}\n`);
    }
  };

  if (!config.quiet) {
    attempt('the table', '-', () => writeTo(streams.stderr, renderFor(streams.stderr, report, rows)));
  }
  const { json, markdown, html } = config;
  if (json !== null) {
    attempt(`--json ${json}`, json, () => {
      if (json === '-') writeTo(streams.stdout, toJson(report));
      else whole = writeJson(report, resolve(cwd, json));
    });
  }
  if (markdown !== null) {
    attempt(`--markdown ${markdown}`, markdown, () => {
      if (markdown === '-') writeTo(streams.stdout, toMarkdown(report, rows));
      else appendToFile(resolve(cwd, markdown), toMarkdown(report, rows));
    });
  }
  if (html !== null) {
    attempt(`--html ${html}`, html, () => {
      writeFileWhole(resolve(cwd, html), renderHtml(whole));
    });
  }
  return complete;
}

/** @returns what was written: the report, or that of all roots of this run */
function writeJson(report: Report, path: string): Report {
  let whole = report;
  const write = () => writeFileWhole(path, toJson(whole));
  // under the `ttprof` command, and when saved runs are printed again, this process is no root of a run
  if (report.run.pid !== process.pid || !isReplaceable(path)) {
    write();
  } else {
    withFileLock(path, () => {
      whole = mergeWithSibling(report, path);
      write();
    });
  }
  return whole;
}

/** The report together with what other roots of this run have written to the file already. */
function mergeWithSibling(report: Report, path: string): Report {
  let written: Report;
  try {
    written = readReportFile(path);
  } catch {
    return report; // nothing there yet, or something else, which is replaced as the user asked
  }
  return isSibling(written.run, report.run, process.env) ? mergeRoots([written, report]) : report;
}

function renderFor(
  stream: OutputStream,
  report: Report,
  rows: { sort: string | null; top: number | null },
): string {
  const isTTY = stream.isTTY === true;
  const columns = isTTY && stream.columns ? stream.columns : Number.POSITIVE_INFINITY;
  return renderTable(report, { columns, color: wantsColor(process.env, isTTY), ...rows });
}

function writeTo(stream: OutputStream, text: string): void {
  if (stream.fd === undefined) stream.write(text);
  else writeAllSync(stream.fd, text);
}

function complain(streams: Streams, text: string): void {
  try {
    writeTo(streams.stderr, text);
  } catch {
    // nobody is left to tell
  }
}
