import type { DrillNode } from '../../../dist/runtime/contract.js';

/** @param children indices of nodes in the same list */
export function makeNode(name: string, self: number, total: number, children: number[] = []): DrillNode {
  return { name, file: 'a.js', line: 1, self, total, children };
}
