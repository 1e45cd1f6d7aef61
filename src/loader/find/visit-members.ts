import type { Class, ObjectExpression } from '@babel/types';
import { namesOf } from './found-function.js';
import type { Place, Visitor } from './place.js';
import {
  ANONYMOUS,
  defaultLast,
  joinNames,
  keyName,
  MODULE_EXPORTS,
  NO_NAMES,
  withAccessor,
} from './qualified-name.js';

export function visitClass(visitor: Visitor, node: Class, place: Place, names: readonly string[]): void {
  const around = node.type === 'ClassDeclaration' ? place.container : '';
  const own = node.id ? namesOf(node.id, visitor.nameOf).map((name) => joinNames(around, name)) : NO_NAMES;
  const containers = defaultLast(node.type === 'ClassDeclaration' ? [...own, ...names] : [...names, ...own]);
  for (const decorator of node.decorators ?? []) visitor.visit(decorator, place, NO_NAMES);
  if (node.superClass) visitor.visit(node.superClass, place, NO_NAMES);
  const container = containers[0] ?? ANONYMOUS;
  const strict = { ...place, isStrict: true };
  const inside: Place = { ...strict, container, self: { scope: place.scope, container } };
  for (const member of node.body.body) {
    if ('decorators' in member)
      for (const decorator of member.decorators ?? []) visitor.visit(decorator, strict, NO_NAMES);
    switch (member.type) {
      case 'ClassMethod':
      case 'ClassPrivateMethod':
      case 'ClassProperty':
      case 'ClassPrivateProperty':
      case 'ClassAccessorProperty': {
        const computed = 'computed' in member && member.computed === true;
        if (computed) visitor.visit(member.key, strict, NO_NAMES);
        const key = keyName(member.key, computed, visitor.source);
        const keys = (containers.length === 0 ? [ANONYMOUS] : containers).map((one) => joinNames(one, key));
        if (member.type === 'ClassMethod' || member.type === 'ClassPrivateMethod')
          visitor.visitFunction(member, { ...strict, container }, withAccessor(keys, member.kind));
        else if (member.value) visitor.visit(member.value, inside, keys);
        break;
      }
      case 'StaticBlock':
        for (const statement of member.body) visitor.visit(statement, inside, NO_NAMES);
        break;
    }
  }
}

export function visitObject(
  visitor: Visitor,
  node: ObjectExpression,
  place: Place,
  names: readonly string[],
): void {
  const containers = names.length === 0 ? [''] : names;
  for (const member of node.properties) {
    if (member.type === 'SpreadElement') {
      visitor.visit(member.argument, place, NO_NAMES);
      continue;
    }
    if (member.computed) visitor.visit(member.key, place, NO_NAMES);
    const key = keyName(member.key, member.computed, visitor.source);
    const keys = containers.map((one) => joinNames(one, key));
    if (member.type === 'ObjectMethod') visitor.visitFunction(member, place, withAccessor(keys, member.kind));
    else {
      if (member.value.type === 'Identifier' && names.includes(MODULE_EXPORTS))
        visitor.addExport(place, member.value.name, key);
      visitor.visit(member.value, place, keys);
    }
  }
}
