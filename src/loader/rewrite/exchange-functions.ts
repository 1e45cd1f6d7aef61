import type { ExchangeOptions } from '../../runtime/contract.js';
import type { FoundFunction } from '../find/found-function.js';
import type { InjectedNames } from './injected-names.js';
import { passArguments } from './pass-arguments.js';
import { RUNTIME_KEY_CODE } from './prologue.js';

/*
 * `ttprof ab --turns module`: a function of the program's module can hand a call over to the base's version of it, before
 * its own body is measured. At its top, the base's module tells how its functions are reached. Both versions are measured
 * like all other functions.
 */

/** The part of one file in the exchange; functions by their index in {@link ExchangeOptions.functions}. */
export interface FileExchange {
  /** The functions that may hand calls on, by name. */
  readonly given: Readonly<Record<string, number>>;
  /** Expressions that give the functions to which calls may go. */
  readonly offered: Readonly<Record<number, string>>;
}

/** @returns null where a file has no part in the exchange */
export function findFileExchange(file: string, { functions }: ExchangeOptions): FileExchange | null {
  const given: Record<string, number> = {};
  const offered: Record<number, string> = {};
  let concerns = false;
  for (const [index, each] of functions.entries()) {
    if (each.file === file) given[each.name] = index;
    else if (each.base.file === file) offered[index] = each.reach;
    else continue;
    concerns = true;
  }
  return concerns ? { given, offered } : null;
}

/** What a function's body begins with. */
export function giveAway(
  { name, node }: FoundFunction,
  exchange: FileExchange | null | undefined,
  names: InjectedNames,
): string {
  const index = exchange?.given[name];
  const call = passArguments(node);
  if (index === undefined || call === null) return '';
  const { exchange: gate, other } = names;
  // `typeof`: where the function was sent elsewhere as text, there is no such name
  return `const ${other}=typeof ${gate}==="object"?${gate}.choose(${index}):null;if(${other})return ${other}${call};`;
}

/** What follows the module's prologue. */
export function offerAll(
  file: string,
  exchange: FileExchange | null | undefined,
  { exchange: gate }: InjectedNames,
): string {
  if (!exchange) return '';
  const offers = Object.entries(exchange.offered).map(([index, reach]) => `${index}:()=>${reach}`);
  const begin = Object.keys(exchange.given).length > 0 ? `${gate}.begin(${JSON.stringify(file)});` : '';
  const offer = offers.length > 0 ? `${gate}.offer({${offers.join(',')}});` : '';
  return `var ${gate};try{${gate}=globalThis[${RUNTIME_KEY_CODE}].exchange;${begin}${offer}}catch{}`;
}
