import type { File, Node } from '@babel/types';
import { reasonOf } from '../../shared/errors.js';
import { visitFunctions } from '../find/find-functions-visit.js';
import type { FoundFunction } from '../find/found-function.js';
import { parseSource } from '../find/syntax-tree.js';
import { passArguments } from '../rewrite/pass-arguments.js';
import { examineCode, type Uses } from './examine-code.js';
import { reachFunction } from './reach-function.js';
import type { ImportedModule, ReadImported, Refusal } from './refusal.js';
import { lineOf, type NodePath, traverse } from './traverse.js';

/** Whether calls of a function may go to another version of it. */
export interface StateJudgement {
  /** Qualified, as in the report. */
  readonly name: string;
  /** An expression that gives the function anywhere in its module; null where it is refused. */
  readonly reach: string | null;
  readonly refusal: Refusal | null;
}

/** As many modules are looked into for one function. */
const MAX_MODULES = 200;

/**
 * Finds out by scope analysis which functions of a module keep nothing from one call to the next, so that single calls
 * may go to another version of the module. Errs towards a refusal: of other modules of the package that a function
 * uses, no function may keep anything. Packages that it uses are taken to keep nothing that shows.
 * @param names of the functions, qualified
 * @throws {TtprofError} where the source cannot be parsed
 */
export function judgeFunctions(
  { file, source }: ImportedModule,
  names: readonly string[],
  read: ReadImported,
): StateJudgement[] {
  const ast = parseSource(source, { file });
  const found = new Map(visitFunctions(ast, source).map((each) => [each.name, each]));
  const paths = pathsOf(ast);
  const modules = new Map<string, Refusal | null>();
  return names.map((name) => {
    const one = found.get(name);
    const path = one && paths.get(one.node);
    if (one === undefined || path === undefined)
      return { name, reach: null, refusal: { reason: 'is not in the file', line: 1 } };
    const reach = reachFunction(path);
    const refusal = judge(one, path, reach);
    return { name, reach: refusal === null ? reach : null, refusal };
  });

  function judge(one: FoundFunction, path: NodePath, reach: string | null): Refusal | null {
    const reason = findOwnRefusal(one, reach, path);
    if (reason !== null) return { reason, line: one.line };
    const uses = examineCode(path, true);
    return uses.refusal ?? judgeImports(uses.imports, file);
  }

  function judgeImports(imports: Uses['imports'], from: string): Refusal | null {
    for (const [specifier, line] of imports) {
      const imported = read(specifier, from);
      if (imported === null) continue;
      if (imported === 'missing') return { reason: `uses ${specifier}, which is not found`, line };
      if (!modules.has(imported.file)) {
        if (modules.size >= MAX_MODULES) return { reason: 'uses too many modules to look into', line };
        modules.set(imported.file, null); // in circles
        modules.set(imported.file, judgeModule(imported));
      }
      const inside = modules.get(imported.file);
      if (inside)
        return { reason: `uses ${specifier}, which ${inside.reason} (its line ${inside.line})`, line };
    }
    return null;
  }

  /** All of its functions, since it is not told which of them are called. */
  function judgeModule(imported: ImportedModule): Refusal | null {
    try {
      const imports = new Map<string, number>();
      for (const path of pathsOf(parseSource(imported.source, { file: imported.file })).values()) {
        if (path.getFunctionParent() !== null) continue;
        const uses = examineCode(path, false);
        if (uses.refusal !== null) return uses.refusal;
        for (const [specifier, line] of uses.imports) imports.set(specifier, line);
      }
      return judgeImports(imports, imported.file);
    } catch (error) {
      return { reason: `cannot be looked into: ${reasonOf(error)}`, line: 1 };
    }
  }
}

function findOwnRefusal({ node, kind }: FoundFunction, reach: string | null, path: NodePath): string | null {
  if (kind === 'generator' || kind === 'async-generator')
    return 'is a generator, which goes on between calls';
  if ('kind' in node && node.kind === 'constructor')
    return 'is a constructor, whose objects are of one version';
  if ('kind' in node && (node.kind === 'get' || node.kind === 'set')) return 'is a getter or setter';
  if (node.type === 'ClassPrivateMethod') return 'has a private name';
  const outer = path.getFunctionParent();
  if (outer !== null) return `is made anew in each call of the function in line ${lineOf(outer)}`;
  if (reach === null) return 'has no name by which its module could give it';
  if (passArguments(node) === null) return 'is an arrow function that takes its parameters apart';
  return null;
}

/** @throws where scopes are contradictory, as in code that would not run */
function pathsOf(ast: File): Map<Node, NodePath> {
  const paths = new Map<Node, NodePath>();
  traverse(ast, {
    Function: (path) => {
      paths.set(path.node, path as NodePath);
    },
  });
  return paths;
}
