import type { BlockStatement, Node } from '@babel/types';
import type { FoundFunction, FunctionNode } from '../find/found-function.js';
import { skipBlanks } from '../find/source-text.js';
import { findIdleStretches, type IdleStretches, NO_IDLE_STRETCHES } from './idle-stretches.js';
import { assignReturned, injectBody } from './inject-body.js';
import { findObstacle } from './inject-obstacles.js';
import type { InjectedNames } from './injected-names.js';
import type { Insertions } from './insertions.js';

/**
 * Measures one function: everything goes inside its body, on lines that are there already.
 *
 * A sync function becomes
 * `{ const H = probe or null, T = H ? H.enter(site) : 0; let V = H; try { { … return V = (X) … } V = void 0 }
 * finally { if (H) H.exit(site, T, V) } }`. `V` is what the call returns, and still the probe where it threw, so that
 * nothing needs to be caught and thrown again, which would change where an uncaught error is said to come from.
 *
 * One that can pause has a probe of its own for each call (`C`), which is told of every `await` and `yield`. Where an
 * async function returns a promise, the program gets `C` in its place, which V8 asks to follow that promise.
 *
 * @param site index in the module's description
 * @param by expression by whose value the calls are broken down; it is evaluated before what is measured
 * @param before what the body begins with, outside of what is measured
 * @returns why the function cannot be measured, or null where it is done
 */
export function injectFunction(
  found: FoundFunction,
  site: number,
  names: InjectedNames,
  source: string,
  insertions: Insertions,
  before = '',
  by: string | null = null,
): string | null {
  const obstacle = findObstacle(found);
  if (obstacle !== null) return obstacle;
  insertions.startFunction();
  const { node, kind } = found;
  const { body } = node;
  const roots = body.type === 'BlockStatement' ? body.body : [body];
  // an async generator waits for what it yields
  const idle = kind === 'async' || kind === 'generator' ? findIdleStretches(node, roots) : NO_IDLE_STRETCHES;
  const opening = before + (kind === 'sync' ? openSync(names, site, by) : openPausing(names, site, by, idle));
  const closing = kind === 'sync' ? closeSync(names, site, by) : closePausing(names, kind === 'async');
  if (body.type !== 'BlockStatement') {
    const [assigning, assigned] = assignReturned(body, names.value);
    insertions.open(findArrowEnd(node, source), `{${opening}return ${assigning}`);
    injectBody(roots, kind, idle, names, source, insertions);
    // V8 leaves the last character of a function to the function
    insertions.close(node.end!, `${assigned}${closing}`, { offset: node.end! - 1 });
    insertions.close(node.end!, '}');
    return null;
  }
  const start = bodyStart(body);
  // after a directive without a semicolon
  const separator = body.directives.length > 0 ? ';' : '';
  const ending = `${names.value}=void 0${closing}`;
  if (body.body.length === 0) {
    insertions.close(start, `${separator}${opening}${ending}`);
    return null;
  }
  // in a block of its own: the last statement may lack its semicolon, and V8 counts what is after a statement only
  // where that is not the last one
  insertions.open(start, `${separator}${opening}{`);
  injectBody(roots, kind, idle, names, source, insertions);
  insertions.close(body.end! - 1, `}${ending}`);
  return null;
}

/**
 * The expression that finds the module's probe. It asks by `typeof`, because a function that was sent elsewhere as text
 * finds no such variables, and has to run as written. Where there is no probe it gives null, and code compares with that:
 * testing whether a value is truthy takes V8 fifteen instructions.
 * @param otherwise what stands for a probe where there is none
 */
function probe({ load, module }: InjectedNames, otherwise = 'null'): string {
  return `typeof ${module}==="object"?${module}:typeof ${load}==="function"&&${load}()||${otherwise}`;
}

/**
 * `const S=H!==null?H.key(site):0;let G=0;if(H!==null)try{G=H.group(site,(EXPR))}catch{}`: calls whose key throws are in
 * group 0.
 */
function findGroup({ handle, since, group }: InjectedNames, site: number, by: string): string {
  return (
    `const ${since}=${handle}!==null?${handle}.key(${site}):0;let ${group}=0;` +
    `if(${handle}!==null)try{${group}=${handle}.group(${site},(${by}))}catch{}`
  );
}

function openSync(names: InjectedNames, site: number, by: string | null): string {
  const { handle, token, value } = names;
  if (by !== null)
    return (
      `const ${handle}=${probe(names)};${findGroup(names, site, by)}` +
      `const ${token}=${handle}!==null?${handle}.enter(${site}):0;let ${value}=${handle};try{`
    );
  return (
    `const ${handle}=${probe(names)},${token}=${handle}!==null?${handle}.enter(${site}):0;` +
    `let ${value}=${handle};try{`
  );
}

function closeSync(
  { handle, token, value, since, group }: InjectedNames,
  site: number,
  by: string | null,
): string {
  if (by !== null)
    return `}finally{if(${handle}!==null)${handle}.exitBy(${site},${token},${value},${group},${since})}`;
  return `}finally{if(${handle}!==null)${handle}.exit(${site},${token},${value})}`;
}

function openPausing(
  names: InjectedNames,
  site: number,
  by: string | null,
  { atStart }: IdleStretches,
): string {
  const { call, value, handle, since, group } = names;
  const idle = '{start:()=>({pause:v=>v,leave:v=>v,resume:v=>v,settle(){},end(){}})}';
  if (by !== null)
    return (
      `const ${handle}=${probe(names)};${findGroup(names, site, by)}` +
      `const ${call}=${handle}!==null?${handle}.startBy(${site},${group},${since}):${idle}.start();let ${value}=${call};try{`
    );
  return `const ${call}=(${probe(names, idle)}).start(${site}${atStart ? ',true' : ''});let ${value}=${call};try{`;
}

function closePausing({ call, value }: InjectedNames, settles: boolean): string {
  return `}finally{${settles ? `if(${call}.settle(${value}))return ${call}` : `${call}.end(${value})`}}`;
}

/** After the `{` and the directives. */
function bodyStart(body: BlockStatement): number {
  return body.directives.at(-1)?.end ?? body.start! + 1;
}

/** After the `=>`. */
function findArrowEnd(node: FunctionNode, source: string): number {
  const parts = [node.typeParameters, ...node.params, node.returnType].filter(
    (part): part is Extract<typeof part, Node> => !!part,
  );
  let at = parts.length === 0 ? node.start! : Math.max(...parts.map(({ end }) => end!));
  // from here on only `async`, parentheses, a comma, white space and comments
  for (at = skipBlanks(source, at); !source.startsWith('=>', at); at = skipBlanks(source, at + 1));
  return at + 2;
}
