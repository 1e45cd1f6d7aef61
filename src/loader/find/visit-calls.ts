import type {
  CallExpression,
  NewExpression,
  Node,
  ObjectExpression,
  OptionalCallExpression,
} from '@babel/types';
import { isForward, objectMethodOf, returnedIdentifier, startsWithThis } from './ast-queries.js';
import { findWrappers, isExportHelper, readViteExport } from './module-wrapper.js';
import type { Place, Visitor } from './place.js';
import {
  assignedName,
  joinNames,
  keyName,
  MODULE_EXPORTS,
  NO_NAMES,
  quoteKey,
  withAccessor,
} from './qualified-name.js';

export function visitCall(
  visitor: Visitor,
  node: CallExpression | OptionalCallExpression | NewExpression,
  place: Place,
  names: readonly string[],
): void {
  const exported = readViteExport(node);
  if (exported !== null) {
    // the arrow function is Vite's and not the program's
    if (exported.local !== null) visitor.addExport(place, exported.local, exported.exported);
    return;
  }
  for (const wrapper of findWrappers(node)) visitor.wrappers.add(wrapper);
  const { callee } = node;
  const [first, second, third] = node.arguments;
  if (callee.type === 'Identifier') {
    // esbuild's and tsx's `keepNames`
    if (callee.name === '__name' && first && second?.type === 'StringLiteral') {
      visitor.visit(first, place, names.length > 0 ? names : [quoteKey(second.value)]);
      return;
    }
    if (isExportHelper(callee.name) && second?.type === 'ObjectExpression') {
      visitExportGetters(visitor, second, place);
      return;
    }
  }
  const method = objectMethodOf(callee);
  if (
    method === 'defineProperty' &&
    first &&
    second?.type === 'StringLiteral' &&
    third?.type === 'ObjectExpression'
  ) {
    visitDescriptor(visitor, third, place, first, quoteKey(second.value));
    return;
  }
  visitor.visit(callee, place, NO_NAMES);
  const assigned =
    method === 'assign' && first ? assignedName(first, place.self.container, visitor.source) : null;
  node.arguments.forEach((argument, index) => {
    let passed = NO_NAMES;
    if (argument.type === 'ObjectExpression') {
      if (method === 'freeze' || method === 'seal' || (method === 'assign' && index === 0)) passed = names;
      else if (assigned !== null) passed = [assigned];
      else if (method === 'assign') passed = names;
    }
    visitor.visit(argument, place, passed);
  });
}

/** `__export(target, { f: () => g })`: the arrows are not what anybody means by `f`. */
function visitExportGetters(visitor: Visitor, getters: ObjectExpression, place: Place): void {
  for (const property of getters.properties) {
    if (property.type === 'SpreadElement') continue;
    const key = keyName(property.key, property.computed, visitor.source);
    const getter = property.type === 'ObjectMethod' ? property : property.value;
    const local = returnedIdentifier(getter);
    if (local !== null) visitor.addExport(place, local, key);
    if (getter.type === 'ObjectMethod') visitor.visitFunction(getter, place, NO_NAMES);
    else visitor.visit(getter, place, local === null ? [key] : NO_NAMES);
  }
}

function visitDescriptor(
  visitor: Visitor,
  descriptor: ObjectExpression,
  place: Place,
  object: Node,
  key: string,
): void {
  const container = assignedName(object, place.self.container, visitor.source) ?? '';
  const name = joinNames(container, key);
  const inner = startsWithThis(object) ? { ...place, scope: place.self.scope } : place;
  for (const member of descriptor.properties) {
    if (member.type === 'SpreadElement') {
      visitor.visit(member.argument, place, NO_NAMES);
      continue;
    }
    const field = keyName(member.key, member.computed, visitor.source);
    const value = member.type === 'ObjectMethod' ? member : member.value;
    const local = container === MODULE_EXPORTS && field === 'get' ? returnedIdentifier(value) : null;
    if (local !== null) visitor.addExport(place, local, key);
    // a getter that only hands on another module's export is not what anybody means by its name
    const isForwarding = container === MODULE_EXPORTS && field === 'get' && isForward(value);
    const names =
      isForwarding || !['get', 'set', 'value'].includes(field)
        ? NO_NAMES
        : withAccessor([name], field as 'get' | 'set' | 'value');
    if (value.type === 'ObjectMethod') visitor.visitFunction(value, inner, names);
    else visitor.visit(value, inner, names);
  }
}
