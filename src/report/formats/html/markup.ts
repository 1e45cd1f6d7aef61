/** Markup that is known to be safe: built by {@link html}, which escapes every value, or by {@link trusted}. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** What may stand in a template of {@link html}; `null` and `false` leave nothing behind. */
export type Content = Markup | string | number | null | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Characters that show nothing or change how their neighbours are shown: controls and the marks, embeddings,
 * overrides and isolates of bidirectional text. No identifier can hold them, but quoted keys and file names can.
 * Surrogates without a partner count too: no encoding of the page could hold them. Line feed and tab stay: the Markdown
 * text holds them on purpose.
 */
const INVISIBLE =
  /(?![\t\n])[\p{Cc}\p{Surrogate}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** Text that is safe between tags and in quoted attributes; what cannot be seen is written as `\u{202e}`. */
export function escapeText(text: string): string {
  return text.replace(INVISIBLE, showCode).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A template whose values are escaped unless they are {@link Markup}: `` html`<b>${name}</b>` ``. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  let text = strings[0]!;
  for (const [i, value] of values.entries()) text += render(value) + strings[i + 1]!;
  return new Markup(text);
}

/** Text of ours that is markup already: paths of pictures, the page's style and script. Never for recorded names. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(value: Content): string {
  if (value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeText(String(value));
}

function showCode(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
