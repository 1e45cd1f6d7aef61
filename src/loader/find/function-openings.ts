import { lowerBound } from '../../shared/lower-bound.js';

const BRACE = 0x7b; // {
const EQUALS = 0x3d; // =
const GREATER = 0x3e; // >

/**
 * Answers whether a part of a source can hold a function: each has a `{` or a `=>`. Most of a syntax tree's nodes have
 * neither in their text, and need no visit. (Those in strings and comments do no harm.)
 */
export function findOpenings(source: string): (start: number, end: number) => boolean {
  const offsets: number[] = [];
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === BRACE || (code === EQUALS && source.charCodeAt(at + 1) === GREATER)) offsets.push(at);
  }
  return (start, end) => {
    const first = lowerBound(offsets, start);
    return first < offsets.length && offsets[first]! < end;
  };
}
