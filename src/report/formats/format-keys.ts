/**
 * The formats in which a report is written to files, each by the setting that names its file. Apart from what renders
 * them, because the preload asks on every start whether a report is wanted.
 */
export const FORMAT_KEYS = ['json', 'markdown', 'html', 'trace', 'pprof'] as const;

export type FormatKey = (typeof FORMAT_KEYS)[number];

/** Where each format goes: a path, `-` for stdout where the format allows that, null for nowhere. */
export type FormatPaths = { readonly [Key in FormatKey]: string | null };
