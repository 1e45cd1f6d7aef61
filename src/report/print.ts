import { createRequire } from 'node:module';
import type { Config } from '../config/config.js';
import { wantsColor } from './color.js';
import { appendToFile, describeFileError, writeAllSync, writeFileWhole } from './files.js';
import { toJson } from './json.js';
import { toMarkdown } from './markdown.js';
import type { Report } from './model.js';
import { renderTable } from './table.js';

// only a run with --html needs the page and its assets
const require = createRequire(import.meta.url);

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
 * @returns whether everything was written
 */
export function printReport(report: Report, config: PrintConfig, streams: Streams): boolean {
  const rows = { sort: config.sort, top: config.top };
  let complete = true;
  const attempt = (what: string, action: () => void) => {
    try {
      action();
    } catch (error) {
      complete = false;
      // who closed stdout has seen enough: `| head` is no failure worth a line
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return;
      tryWrite(streams.stderr, `ttprof: cannot write ${what}: ${describeFileError(error)}\n`);
    }
  };
  if (!config.quiet) {
    attempt('the table', () => writeTo(streams.stderr, renderFor(streams.stderr, report, rows)));
  }
  const { json, markdown, html } = config;
  if (json !== null) {
    attempt(`--json ${json}`, () => {
      if (json === '-') writeTo(streams.stdout, toJson(report));
      else writeFileWhole(json, toJson(report));
    });
  }
  if (markdown !== null) {
    attempt(`--markdown ${markdown}`, () => {
      if (markdown === '-') writeTo(streams.stdout, toMarkdown(report, rows));
      else appendToFile(markdown, toMarkdown(report, rows));
    });
  }
  if (html !== null) {
    attempt(`--html ${html}`, () => {
      const { renderHtml } = require('./html/render-html.js') as { renderHtml(report: Report): string };
      writeFileWhole(html, renderHtml(report));
    });
  }
  return complete;
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

function tryWrite(stream: OutputStream, text: string): void {
  try {
    writeTo(stream, text);
  } catch {
    // nobody is left to tell
  }
}
