import type { FunctionStats } from '../../model.js';
import { shortenMiddle, textWidth } from './text-width.js';

// What can move the cursor, colour the rest of the screen or turn the reading direction: a name is user input.
const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Characters that a terminal or a reader would not show as themselves, as `\u{1b}`. */
export function makeVisible(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** A canonical name as it is shown: `src/a.js:f()`, an accessor `C.a#get` as `src/a.js:C.a (get)`. */
export function displayName(name: string): string {
  // `C.#get` is a private method called get: an accessor's mark never follows a dot
  const accessor = /^(.*[^.:])#(get|set)(#\d+)?$/su.exec(name);
  const shown = accessor ? `${accessor[1]} (${accessor[2]})${accessor[3] ?? ''}` : `${name}()`;
  return makeVisible(shown);
}

/**
 * Where a function starts, as `:42` or `:42:7`: what the user typed in the place of its name, and the line of one that
 * has no name to be told by; else nothing.
 */
export function displayPlace({
  name,
  target,
  line,
}: Pick<FunctionStats, 'name' | 'target' | 'line'>): string {
  const [typed] = /:\d+(?::\d+)?$/.exec(target) ?? [];
  return typed ?? (name.includes('<anonymous>') && line > 0 ? `:${line}` : '');
}

/** A function as a row has it: `src/a.js:f()`, `src/a.js:f.<anonymous>():42`. */
export function displayRow(row: Pick<FunctionStats, 'name' | 'target' | 'line'>): string {
  return displayName(row.name) + displayPlace(row);
}

/** Shortens a displayed name in the middle so that the function's own name stays if anything can. */
export function shortenName(shown: string, width: number): string {
  const [place] = /(?::\d+)*$/.exec(shown)!;
  const colon = shown.lastIndexOf(':', shown.length - place.length - 1);
  return shortenMiddle(shown, width, textWidth(shown.slice(colon)));
}

/** Up to `most` names for a note: `a(), b(), c() and 4 more`. */
export function listNames(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map(displayName);
  const left = names.length - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ');
}
