import type { Node } from '@babel/types';
import { parse, type SyntaxProblem } from '../../loader/find/parser.js';
import { forEachChild } from '../../loader/find/syntax-tree.js';
import { reasonOf, TtprofError } from '../../shared/errors.js';
import type { TimeitLimits } from '../../timeit/timing.js';

const OPTIONS = { sourceType: 'module', allowAwaitOutsideFunction: true } as const;

/** Names in the program that no expression uses by accident. */
const PREFIX = '__ttprofTimeit';

/**
 * The module that times expressions: the setup, and a loop around each of them, which sees what the setup declares.
 * @param engineUrl of `timeit/time-in-process.js`
 * @throws {TtprofError} naming the argument and the column where one cannot be parsed
 */
export function compileProgram(
  setup: readonly string[],
  expressions: readonly string[],
  limits: TimeitLimits,
  engineUrl: string,
): string {
  const nameSetup = (index: number) => `-s ${setup.length > 1 ? index + 1 : ''}`.trim();
  for (const [index, text] of setup.entries()) {
    const error = tryParse(text);
    if (error instanceof Error) throw describeError(nameSetup(index), text, error);
  }
  checkTogether(setup, nameSetup);
  const loops = expressions.map((text, index) => compileLoop(text, index, expressions.length));
  return [
    ...setup,
    `import { timeInProcess as ${PREFIX} } from ${JSON.stringify(engineUrl)};`,
    `const ${PREFIX}Keep = { value: undefined };`,
    `await ${PREFIX}([${loops.join(', ')}], ${JSON.stringify(limits)});`,
    // what an expression has left open (a timer, a server) is not waited for
    'process.exit();',
  ].join('\n');
}

/** Names that two of them declare. */
function checkTogether(setup: readonly string[], nameSetup: (index: number) => string): void {
  const error = tryParse(setup.join('\n'));
  if (!(error instanceof Error)) return;
  let line = error.loc?.line ?? 1;
  for (const [index, text] of setup.entries()) {
    const lines = text.split('\n').length;
    if (line <= lines) {
      const loc = { line, column: error.loc?.column ?? 0 };
      throw describeError(nameSetup(index), text, Object.assign(error, { loc }));
    }
    line -= lines;
  }
}

function compileLoop(text: string, index: number, count: number): string {
  const asExpression = text.trim() === '' ? new Error() : tryParse(`(${text}\n)`);
  const tree = asExpression instanceof Error ? tryParse(text) : asExpression;
  const argument = count > 1 ? `EXPR ${index + 1}` : 'EXPR';
  if (tree instanceof Error) throw describeError(argument, text, tree);
  const declared = findModuleSyntax(tree);
  if (declared !== null)
    throw describeError(
      argument,
      text,
      Object.assign(new Error('imports and exports stand in the setup (-s)'), { loc: declared.loc?.start }),
    );
  // on lines of its own: Node shows the line of an error
  const body = asExpression instanceof Error ? `\n${text}\n;` : `${PREFIX}Keep.value = (\n${text}\n);`;
  const i = `${PREFIX}Index`;
  const keyword = waits(tree) ? 'async function' : 'function';
  const loop = `${keyword} (${PREFIX}Count) { for (let ${i} = 0; ${i} < ${PREFIX}Count; ${i}++) { ${body} } }`;
  return `{ name: ${JSON.stringify(text)}, loop: ${loop} }`;
}

/** An import or export, which no loop can contain. */
function findModuleSyntax(tree: Node): Node | null {
  const statements = tree.type === 'File' ? tree.program.body : [];
  return statements.find(({ type }) => /^(?:Import|Export)\w*Declaration$/.test(type)) ?? null;
}

function tryParse(text: string): Node | SyntaxProblem {
  try {
    return parse(text, OPTIONS);
  } catch (error) {
    return error as SyntaxProblem;
  }
}

function describeError(what: string, text: string, error: SyntaxProblem): TtprofError {
  const { line = 1, column = 0 } = error.loc ?? {};
  const place = line === 1 ? `column ${column + 1}` : `line ${line}, column ${column + 1}`;
  const reason = reasonOf(error).replace(/\.? \(\d+:\d+\)$/, '');
  return new TtprofError(`${what} ${JSON.stringify(text)}: ${place}: ${reason}`);
}

/** Is there an `await` that is not in a function of its own? */
function waits(node: Node): boolean {
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) return true;
  if (/Function|ClassMethod|ObjectMethod|ClassPrivateMethod/.test(node.type)) return false;
  let found = false;
  forEachChild(node, (child) => {
    found ||= waits(child);
  });
  return found;
}
