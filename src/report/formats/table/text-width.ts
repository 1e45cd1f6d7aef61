/**
 * Texts of these need no segmenter: ASCII, Latin-1, Greek letters, punctuation, superscript digits, arrows, lines and
 * blocks. A report has hardly any others, and the first segmenter of a process takes 20 ms.
 */
const PLAIN =
  /^[ -~\u00a0-\u00ac\u00ae-\u00ff\u03b1-\u03c9\u2010-\u2027\u2070\u2074-\u2079\u2190-\u2193\u2500-\u259f]*$/;

let segmenter: Intl.Segmenter | undefined;

// Blocks of Unicode's EastAsianWidth.txt with W and F (gaps that no character fills are closed), beside the
// characters with Emoji_Presentation, which are wide too.
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0x4dbf],
  [0x4dc0, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x191ff],
  [0x1aff0, 0x1b2fb],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x1f3fb, 0x1f3ff],
  [0x20000, 0x3fffd],
];
// one regional indicator is a letter, two are a flag
const EMOJI = /^(?!\p{RI}$)\p{Emoji_Presentation}|^\p{Emoji}\uFE0F/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;

/**
 * How many columns of a terminal a text takes. A grapheme is wide (two columns) where Unicode calls its first
 * character East Asian Wide or Fullwidth, or where it is shown as an emoji; a character that only combines takes none.
 * @param text one line without escape sequences
 */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** The text in units that must not be cut: letters with their accents, emoji sequences, flags. */
export function graphemes(text: string): string[] {
  if (PLAIN.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter();
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** @param grapheme one of {@link graphemes} @returns 0, 1 or 2 */
function graphemeWidth(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  if (INVISIBLE.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/**
 * Cuts out of the middle what does not fit and puts `…` there. What stands at the end (a function's name) is worth
 * more than what stands in front (folders).
 * @param width columns at most
 * @param keepEnd columns at the end that should stay if anything can; at least half of `width` stays there
 */
export function shortenMiddle(text: string, width: number, keepEnd = 0): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  const room = width - 1;
  const front = Math.min(room, Math.max(0, Math.min(Math.floor(room / 2), room - keepEnd)));
  const units = graphemes(text);
  let head = '';
  let used = 0;
  for (const unit of units) {
    if (used + graphemeWidth(unit) > front) break;
    head += unit;
    used += graphemeWidth(unit);
  }
  let tail = '';
  for (const unit of units.reverse()) {
    if (used + graphemeWidth(unit) > room) break;
    tail = unit + tail;
    used += graphemeWidth(unit);
  }
  return `${head}…${tail}`;
}

/**
 * Breaks a sentence between its words.
 * @param width columns of each line; a word that is longer stands alone and may be wider
 * @returns at least one line
 */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
