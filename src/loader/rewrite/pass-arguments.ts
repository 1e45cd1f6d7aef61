import type { FunctionNode } from '../find/found-function.js';

/**
 * How a function hands on what it was called with, as the text of a call's end: `.apply(this,arguments)`. An arrow
 * function has neither, and names its parameters.
 * @returns null where an arrow function takes them apart
 */
export function passArguments({ type, params }: FunctionNode): string | null {
  if (type !== 'ArrowFunctionExpression') return '.apply(this,arguments)';
  const names: string[] = [];
  for (const param of params) {
    const plain = param.type === 'AssignmentPattern' ? param.left : param;
    if (plain.type === 'Identifier') names.push(plain.name);
    else if (plain.type === 'RestElement' && plain.argument.type === 'Identifier')
      names.push(`...${plain.argument.name}`);
    else return null;
  }
  return `(${names.join(',')})`;
}
