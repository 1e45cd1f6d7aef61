import type { FunctionStats } from '../../model.js';
import { displayName, displayPlace } from '../table/display-name.js';
import { shortenMiddle } from '../table/text-width.js';
import { html, type Markup } from './markup.js';

/** A function as its row and its section are headed: with its place where its name does not tell it. */
export function showRow(fn: FunctionStats): Markup {
  return html`${showName(fn.name, fn.file)}${displayPlace(fn)}`;
}

/**
 * A canonical name as markup: file and function each isolated, so that right-to-left letters in one leave the other and
 * the colon in place. The file part may break after a slash.
 * @param file the file part of `name`, which may itself hold colons
 */
export function showName(name: string, file: string): Markup {
  const [filePart, functionName] = splitName(name, file);
  const pieces = filePart.split('/');
  return html`<span class="name"><bdi class="file">${pieces.map((piece, i) => (i === 0 ? piece : html`/<wbr>${piece}`))}</bdi><span class="colon">:</span>${showIsolated(functionName)}</span>`;
}

/** The function's own name alone, as `f()`. */
export function showFunctionName(name: string, file: string): Markup {
  return html`<code>${showIsolated(splitName(name, file)[1])}</code>`;
}

/** The parentheses stand outside: a right-to-left name would take them to its left. */
function showIsolated(functionName: string): Markup {
  const shown = displayName(functionName);
  const called = shown.endsWith('()') ? '()' : '';
  const bare = shown.slice(0, shown.length - called.length);
  return html`<span class="fn"><bdi>${bare}</bdi>${called}</span>`;
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
