import { html, type Markup } from './markup.js';

/**
 * A canonical name as markup: file and function each isolated, so that right-to-left letters in one leave the other and
 * the colon in place. The file part may break after a slash.
 * @param file the file part of `name`, which may itself hold colons
 */
export function showName(name: string, file: string): Markup {
  const [filePart, functionName] = splitName(name, file);
  const pieces = filePart.split('/');
  return html`<span class="name"><bdi class="file">${pieces.map((piece, i) => (i === 0 ? piece : html`/<wbr>${piece}`))}</bdi><span class="colon">:</span><bdi class="fn">${functionName}</bdi></span>`;
}

/** File and function of a canonical name. */
export function splitName(name: string, file: string): [file: string, functionName: string] {
  const colon = name.startsWith(`${file}:`) ? file.length : name.lastIndexOf(':');
  return [name.slice(0, Math.max(0, colon)), name.slice(colon + 1)];
}

/** A text of at most `length` characters, shortened in the middle. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (length - 1 - head)).join('')}`;
}
