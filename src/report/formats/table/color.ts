/** Escape codes of the table's few styles: the terminal's own palette, which fits its light or dark theme. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;

/** @returns the text in the given styles, or as it is where `color` is false or it is empty */
export function paint(text: string, styles: readonly Style[], color: boolean): string {
  if (!color || text === '') return text;
  return styles.reduceRight((inner, style) => {
    const [open, close] = CODES[style];
    return `\x1b[${open}m${inner}\x1b[${close}m`;
  }, text);
}

export interface ColorEnvironment {
  readonly FORCE_COLOR?: string | undefined;
  readonly NO_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
}

/**
 * Whether to colour: `FORCE_COLOR` decides before `NO_COLOR`, as in Node itself; then a terminal that can.
 * @param env `process.env`
 * @param isTTY whether the stream is a terminal
 */
export function wantsColor(env: ColorEnvironment, isTTY: boolean): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR) return false;
  return isTTY && env.TERM !== 'dumb';
}
