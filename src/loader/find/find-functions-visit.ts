import type { AssignmentExpression, ExportNamedDeclaration, File, Identifier, Node } from '@babel/types';
import { hasDirective, isExportsMember, startOf, startsWithThis } from './ast-queries.js';
import { type FoundFunction, type FunctionNode, type NameOf, namesOf, ownName } from './found-function.js';
import { findOpenings } from './function-openings.js';
import type { Place, Visitor } from './place.js';
import {
  ANONYMOUS,
  assignedName,
  defaultLast,
  joinNames,
  MODULE_EXPORTS,
  NO_NAMES,
  nameOfVariable,
  quoteKey,
} from './qualified-name.js';
import { createScope, type NamedFunction, qualifyNames, type Scope } from './qualify-names.js';
import { forEachChild } from './syntax-tree.js';
import { visitCall } from './visit-calls.js';
import { visitClass, visitObject } from './visit-members.js';

/** A proxy there would see the injected names. */
const INSIDE_WITH = 'it stands inside a `with` statement';
/** V8 compiles it in its own way, and warns of anything that it does not know. */
const INSIDE_ASM = 'it belongs to an asm.js module';

/**
 * Finds and names every function with a body, in source order. Builds no scopes and looks at each node once.
 * @param source the text that `ast` was parsed from
 * @param nameOf where a map knows what the source's identifiers were called before
 */
export function visitFunctions(ast: File, source: string, nameOf: NameOf = ownName): FoundFunction[] {
  const functions: NamedFunction[] = [];
  /** Top-level name → names under which it is exported. */
  const exported = new Map<string, string[]>();
  const wrappers = new Set<Node>();
  const canHoldFunction = findOpenings(source);

  const top: Place = {
    scope: null,
    container: '',
    self: { scope: null, container: '' },
    obstacle: null,
    isStrict: ast.program.sourceType === 'module' || hasDirective(ast.program.directives, 'use strict'),
  };
  const visitor: Visitor = { source, nameOf, wrappers, visit, visitFunction, addExport };
  for (const statement of ast.program.body) visit(statement, top, NO_NAMES);
  return qualifyNames(functions, exported, source);

  function visit(node: Node, place: Place, names: readonly string[]): void {
    switch (node.type) {
      case 'FunctionDeclaration':
        visitFunction(node, place, node.id ? [...namesIn(place, node.id), ...names] : names);
        return;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const own = node.type === 'FunctionExpression' && node.id ? namesOf(node.id, nameOf) : NO_NAMES;
        visitFunction(node, place, names.length === 0 ? own : own.length === 0 ? names : [...names, ...own]);
        return;
      }
      case 'ClassDeclaration':
      case 'ClassExpression':
        visitClass(visitor, node, place, names);
        return;
      case 'ObjectExpression':
        visitObject(visitor, node, place, names);
        return;
      case 'VariableDeclarator':
        visit(node.id, place, NO_NAMES);
        if (node.init)
          visit(node.init, place, node.id.type === 'Identifier' ? namesIn(place, node.id) : NO_NAMES);
        return;
      case 'AssignmentPattern':
        visit(node.left, place, NO_NAMES);
        visit(node.right, place, node.left.type === 'Identifier' ? namesOf(node.left, nameOf) : NO_NAMES);
        return;
      case 'AssignmentExpression':
        visitAssignment(node, place, names);
        return;
      case 'ExpressionStatement':
        // assignments may export something, also where there is no function in them
        visit(node.expression, place, NO_NAMES);
        return;
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        if (canHoldFunction(node.start!, node.end!)) visitCall(visitor, node, place, names);
        return;
      case 'ExportDefaultDeclaration': {
        const { declaration } = node;
        if (declaration.type === 'Identifier') addExport(place, declaration.name, 'default');
        visit(declaration, place, ['default']);
        return;
      }
      case 'ExportNamedDeclaration':
        visitExports(node, place);
        if (node.declaration) visit(node.declaration, place, NO_NAMES);
        return;
      case 'TSExportAssignment':
        if (node.expression.type === 'Identifier') addExport(place, node.expression.name, 'default');
        visit(node.expression, place, [MODULE_EXPORTS]);
        return;
      case 'TSModuleDeclaration': {
        const name =
          node.id.type === 'StringLiteral'
            ? quoteKey(node.id.value)
            : source.slice(node.id.start!, node.id.end!);
        if (node.body) visit(node.body, { ...place, container: joinNames(place.container, name) }, NO_NAMES);
        return;
      }
      case 'WithStatement':
        visit(node.object, place, NO_NAMES);
        visit(node.body, { ...place, obstacle: INSIDE_WITH }, NO_NAMES);
        return;
      // what passes its value on passes its name on
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
        visit(node.expression, place, names);
        return;
      case 'ConditionalExpression':
        visit(node.test, place, NO_NAMES);
        visit(node.consequent, place, names);
        visit(node.alternate, place, names);
        return;
      case 'LogicalExpression':
        visit(node.left, place, names);
        visit(node.right, place, names);
        return;
      case 'SequenceExpression':
        node.expressions.forEach((expression, index) => {
          visit(expression, place, index === node.expressions.length - 1 ? names : NO_NAMES);
        });
        return;
      case 'TSTypeAnnotation':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSDeclareFunction':
      case 'TSDeclareMethod':
      case 'Identifier':
      case 'StringLiteral':
      case 'NumericLiteral':
        if (node.type === 'Identifier' && node.decorators) break;
        return;
    }
    if (canHoldFunction(node.start!, node.end!)) forEachChild(node, (child) => visit(child, place, NO_NAMES));
  }

  function visitFunction(node: FunctionNode, place: Place, names: readonly string[]): void {
    const start = startOf(node, source);
    const own = defaultLast(names);
    const name = own[0] ?? ANONYMOUS;
    const body = node.body;
    const directives = body.type === 'BlockStatement' ? body.directives : [];
    const { scope: around } = place;
    const obstacle = hasDirective(directives, 'use asm') ? INSIDE_ASM : place.obstacle;
    functions.push({ node, scope: around, names: own, start, obstacle, isStrict: place.isStrict });

    const isWrapper = wrappers.has(node);
    const scope = isWrapper ? around : createScope(around, name);
    const isStrict = place.isStrict || hasDirective(directives, 'use strict');
    const isArrow = node.type === 'ArrowFunctionExpression';
    const inner: Place = {
      scope,
      container: '',
      self: isArrow || isWrapper ? place.self : selfOf(name, place.scope),
      obstacle,
      isStrict,
    };
    for (const param of node.params) visit(param, inner, NO_NAMES);
    if (body.type === 'BlockStatement') for (const statement of body.body) visit(statement, inner, NO_NAMES);
    else visit(body, inner, NO_NAMES);
  }

  function visitAssignment(node: AssignmentExpression, place: Place, names: readonly string[]): void {
    visit(node.left, place, NO_NAMES);
    const passesOn = node.operator === '=' || /^(?:\|\||&&|\?\?)=$/.test(node.operator);
    const isThis = startsWithThis(node.left);
    const name = passesOn ? assignedName(node.left, place.self.container, source, nameOf) : null;
    const compiled = passesOn ? assignedName(node.left, place.self.container, source) : null;
    if (name === null) {
      visit(node.right, place, NO_NAMES);
      return;
    }
    if (node.right.type === 'Identifier') {
      if (name === MODULE_EXPORTS) addExport(place, node.right.name, 'default');
      else if (isExportsMember(node.left)) addExport(place, node.right.name, name);
    }
    visit(node.right, isThis ? { ...place, scope: place.self.scope } : place, [
      ...names,
      name,
      ...(compiled === null || compiled === name ? NO_NAMES : [compiled]),
    ]);
  }

  function namesIn(place: Place, id: Identifier): readonly string[] {
    return namesOf(id, nameOf).map((name) => joinNames(place.container, nameOfVariable(name)));
  }

  function visitExports(node: ExportNamedDeclaration, place: Place): void {
    if (node.source) return;
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ExportSpecifier') continue;
      const { exported: name } = specifier;
      addExport(place, specifier.local.name, name.type === 'Identifier' ? name.name : quoteKey(name.value));
    }
  }

  function addExport(place: Place, local: string, name: string): void {
    if (place.scope !== null || local === name) return;
    const names = exported.get(local);
    if (names) names.push(name);
    else exported.set(local, [name]);
  }
}

function selfOf(name: string, scope: Scope | null): Place['self'] {
  const dot = name.lastIndexOf('.');
  return { scope, container: dot > 0 ? name.slice(0, dot) : name };
}
