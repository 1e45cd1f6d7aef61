import type { Config } from '../../config/config.js';
import { requireIsolated } from '../../loader/isolation.js';
import type { Report } from '../model.js';
import { FORMAT_KEYS, type FormatKey } from './format-keys.js';
import type * as Html from './html/render-html.js';
import { toJson } from './json/json.js';
import { toMarkdown } from './markdown/markdown.js';
import type * as Pprof from './pprof/to-pprof.js';
import type { TableView } from './table/table-view.js';
import type * as Trace from './trace/to-trace.js';

/** What the configuration says of the table; what is left out is as by default. */
export type ViewConfig = Partial<Pick<Config, 'sort' | 'top' | 'columns' | 'callers' | 'callees'>>;

/** `columns` is the terminal's width to the table, and the choice of columns to the user. */
export function toView({
  sort = null,
  top = null,
  columns = null,
  callers = null,
  callees = null,
}: ViewConfig): TableView {
  return { sort, top, chosen: columns, callers, callees };
}

/** One way to write a report into a file. A new format is a key in `format-keys.ts`, an option, and an entry here. */
export interface ReportFormat {
  readonly key: FormatKey;
  /** Pure. */
  readonly render: (report: Report, config: ViewConfig) => string | Uint8Array;
  /** Does a file hold one report, in place of what was there, or is each report added to it? */
  readonly write: 'whole' | 'append';
  /** May the file be `-`, for stdout? */
  readonly toStdout: boolean;
}

const BY_KEY: { readonly [Key in FormatKey]: Omit<ReportFormat, 'key'> } = {
  json: { render: toJson, write: 'whole', toStdout: true },
  markdown: {
    render: (report, config) => toMarkdown(report, toView(config)),
    write: 'append',
    toStdout: true,
  },
  html: { render: (report) => loadHtml().renderHtml(report), write: 'whole', toStdout: false },
  pprof: { render: (report) => loadPprof().toPprof(report), write: 'whole', toStdout: false },
  trace: { render: (report) => loadTrace().toTrace(report), write: 'whole', toStdout: false },
};

export const FORMATS: readonly ReportFormat[] = FORMAT_KEYS.map((key) => ({ key, ...BY_KEY[key] }));

function loadPprof(): typeof Pprof {
  return requireIsolated<typeof Pprof>(new URL('./pprof/to-pprof.js', import.meta.url));
}

function loadTrace(): typeof Trace {
  return requireIsolated<typeof Trace>(new URL('./trace/to-trace.js', import.meta.url));
}

/** Most runs write no page, and its parts take ten milliseconds to load. */
function loadHtml(): typeof Html {
  return requireIsolated<typeof Html>(new URL('./html/render-html.js', import.meta.url));
}
