// Measured functions that call a short measured function a hundred times, in the ways in which programs do: V8 compiles
// each of them apart, with the inner one and what measures it inlined or not.
export const INNER_CALLS = 100;

const INNER = 'export const inner = (x) => x % 2 === 1;';
const LIST = `export const argument = Array.from({ length: ${INNER_CALLS} }, (_, i) => i);`;
const ROWS = `export const argument = Array.from({ length: 10 }, (_, row) => Array.from({ length: ${INNER_CALLS / 10} }, (_, i) => 10 * row + i));`;

/** By name: a module of `inner`, `outer` and what `outer` is called with. */
export const SHAPES = {
  'a loop': `${INNER}${LIST}
export function outer(list) {
  let count = 0;
  for (const x of list) if (inner(x)) count++;
  return count;
}`,
  'filter, in a callback': `${INNER}${LIST}
export const outer = (list) => list.filter((x) => inner(x)).length;`,
  'filter, as the callback': `${INNER}${LIST}
export const outer = (list) => list.filter(inner).length;`,
  'reduce, of fractions': `${INNER}${LIST.replace('=> i)', '=> i + 0.5)')}
export const outer = (list) => list.reduce((count, x) => count + (inner(x) ? 1 : 2), 0);`,
  'map of filter, three levels': `${INNER}${ROWS}
export const middle = (row) => row.filter((x) => inner(x)).length;
export const outer = (rows) => rows.map((row) => middle(row)).length;`,
};
