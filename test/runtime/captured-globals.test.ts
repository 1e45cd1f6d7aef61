import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from '@babel/parser';
import type { NodePath, TraverseOptions } from '@babel/traverse';
import type { File, Node } from '@babel/types';

const { default: traverse } = createRequire(import.meta.url)('@babel/traverse') as {
  default: (ast: File, options: TraverseOptions) => void;
};
const RUNTIME = fileURLToPath(new URL('../../src/runtime/', import.meta.url));

/** Objects whose functions a program can replace, and a target can name: `globalThis:Math.max`. */
const GLOBALS = new Set([
  ...[
    'Array',
    'Atomics',
    'BigInt',
    'Buffer',
    'Date',
    'JSON',
    'Math',
    'Number',
    'Object',
    'Promise',
    'Reflect',
  ],
  ...['String', 'Symbol', 'console', 'globalThis', 'performance'],
]);

/** Calls of a global's function from within a function: after the program may have replaced it. */
function findUncaptured(source: string): string[] {
  const found: string[] = [];
  traverse(parse(source, { sourceType: 'module', plugins: ['typescript'] }), {
    'CallExpression|NewExpression'(path: NodePath) {
      const { callee } = path.node as Node & { callee: Node };
      if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return;
      const { name } = callee.object;
      if (!GLOBALS.has(name) || path.scope.hasBinding(name, true) || path.getFunctionParent() === null)
        return;
      found.push(source.slice(callee.start!, callee.end!));
    },
  });
  return found;
}

test('the check finds calls of globals within functions, and only these', () => {
  assert.deepEqual(findUncaptured('function f() { return Math.max(1, 2); }'), ['Math.max']);
  assert.deepEqual(
    findUncaptured('const { max } = Math; const one = Math.min(1); const f = () => max(1);'),
    [],
  );
});

test('the runtime calls no global that the program may have replaced or have timed', () => {
  const files = readdirSync(RUNTIME, { recursive: true }).map(String);
  const violations = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      findUncaptured(readFileSync(join(RUNTIME, file), 'utf8')).map((call) => `${file}: ${call}`),
    );
  assert.deepEqual(violations, []);
});
