import { displayName } from '../display-name.js';
import { shortenMiddle } from '../text-width.js';
import { html, type Markup } from './markup.js';

/**
 * A canonical name as markup: file and function each isolated, so that right-to-left letters in one leave the other and
 * the colon in place. The file part may break after a slash.
 * @param file the file part of `name`, which may itself hold colons
 */
export function showName(name: string, file: string): Markup {
  const [filePart, functionName] = splitName(name, file);
  const pieces = filePart.split('/');
  return html`<span class="name"><bdi class="file">${pieces.map((piece, i) => (i === 0 ? piece : html`/<wbr>${piece}`))}</bdi><span class="colon">:</span><bdi class="fn">${displayName(functionName)}</bdi></span>`;
}

/** The function's own name alone, as `f()`. */
export function showFunctionName(name: string, file: string): Markup {
  return html`<code><bdi>${displayName(splitName(name, file)[1])}</bdi></code>`;
}

/** File and function of a canonical name. */
export function splitName(name: string, file: string): [file: string, functionName: string] {
  const colon = name.startsWith(`${file}:`) ? file.length : name.lastIndexOf(':');
  return [name.slice(0, Math.max(0, colon)), name.slice(colon + 1)];
}

/** A function's own name as text of at most `columns` columns. */
export function shortFunctionName(name: string, file: string, columns: number): string {
  return shortenMiddle(displayName(splitName(name, file)[1]), columns);
}
