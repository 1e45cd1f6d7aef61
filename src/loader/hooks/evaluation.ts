import { syncBuiltinESMExports } from 'node:module';
import { isAbsolute } from 'node:path';
import vm from 'node:vm';
import { asOwnWork, RUNTIME_KEY } from '../../runtime/contract.js';
import { fileOfUrl } from '../file-of-url.js';
import { loadRewriter } from '../load-rewriter.js';
import type { ModuleRewriter } from '../module-rewriter.js';
import { type EvaluatedModule, unwrapModule } from './evaluated-code.js';

// Captured: the program may replace them.
const { apply, construct, defineProperty } = Reflect;
const { Script } = vm;
const { runInContext } = Script.prototype;

type Arguments = unknown[];
type Evaluate = (...args: Arguments) => unknown;
/** Newer than the type declarations: `SourceTextModule` is there only with `--experimental-vm-modules`. */
interface Vm {
  runInThisContext: Evaluate;
  runInContext: Evaluate;
  runInNewContext: Evaluate;
  compileFunction: Evaluate;
  Script: unknown;
  SourceTextModule?: new (...args: Arguments) => object;
}

export interface EvaluationOptions {
  readonly isBusy: () => boolean;
  /** Called before anything is evaluated for the first time, whether or not it is rewritten. */
  readonly beforeFirst: () => void;
}

/**
 * Rewrites what the program evaluates through `node:vm` under the name of a file that a target means: test runners
 * (Vitest, Jest) load modules in this way, past the hooks of Node. This is the last step before the code runs, so that
 * compilers, type checkers, coverage and the runner's own caches see the same code with and without us.
 */
export function patchEvaluation(rewriter: ModuleRewriter, { isBusy, beforeFirst }: EvaluationOptions): void {
  const target = vm as unknown as Vm;
  const rewritten = new WeakSet<object>();
  let isFirst = true;

  /** The last rewriting of each file: a runner evaluates a module again for each file of tests. */
  const latest = new Map<string, { readonly source: string; readonly code: string | null }>();

  const rewriteModule = ({ source, format, ...wrapper }: EvaluatedModule, file: string): string | null => {
    const known = latest.get(file);
    if (known?.source === source) return known.code;
    const begun = asOwnWork(() => rewriter.begin({ file, source, format, wrapper }));
    const code = typeof begun === 'function' ? begun(loadRewriter) : begun;
    latest.set(file, { source, code });
    return code;
  };
  const rewrite = (code: unknown, file: string | null, unwrap: typeof unwrapModule): string | null => {
    if (isBusy()) return null;
    if (isFirst) {
      isFirst = false;
      asOwnWork(beforeFirst);
    }
    if (file === null || typeof code !== 'string') return null;
    const module = unwrap(code);
    const text = module && rewriteModule(module, file);
    return text === null ? null : module!.before + text + module!.after;
  };
  const patch = (
    name: 'runInThisContext' | 'runInContext' | 'runInNewContext' | 'compileFunction',
    context: (args: Arguments) => unknown,
    options: number,
    unwrap = unwrapModule,
  ): void => {
    const original = target[name];
    target[name] = new Proxy(original, {
      apply(_, self, args: Arguments) {
        const code = rewrite(args[0], fileOfOptions(args[options], 'filename'), unwrap);
        if (code === null) return apply(original, self, args);
        provideRuntime(context(args));
        return apply(original, self, [code, ...args.slice(1)]);
      },
    });
  };
  const patchClass = (
    Original: new (...args: Arguments) => object,
    name: 'filename' | 'identifier',
    unwrap: typeof unwrapModule,
    created: (object: object, options: unknown) => void,
  ) =>
    new Proxy(Original, {
      construct(_, args: Arguments, newTarget) {
        const code = rewrite(args[0], fileOfOptions(args[1], name), unwrap);
        const object = construct(Original, code === null ? args : [code, ...args.slice(1)], newTarget);
        if (code !== null) created(object, args[1]);
        return object;
      },
    });

  patch('runInThisContext', () => null, 1);
  patch('runInContext', ([, context]) => context, 2);
  patch('runInNewContext', ([, context]) => context, 2);
  patch(
    'compileFunction',
    ([, , options]) => (options as { parsingContext?: unknown }).parsingContext,
    2,
    asModule('commonjs'),
  );
  target.Script = patchClass(Script as never, 'filename', unwrapModule, (script) => rewritten.add(script));
  defineProperty(Script.prototype, 'constructor', { value: target.Script });
  Script.prototype.runInContext = new Proxy(runInContext, {
    apply(_, self: object, args: Parameters<typeof runInContext>) {
      if (rewritten.has(self)) provideRuntime(args[0]);
      return apply(runInContext, self, args);
    },
  });
  const { SourceTextModule } = target;
  if (SourceTextModule !== undefined)
    target.SourceTextModule = patchClass(SourceTextModule, 'identifier', asModule('module'), (_, options) =>
      provideRuntime((options as { context?: unknown } | undefined)?.context),
    );
  syncBuiltinESMExports();
}

/** For text without a wrapper: a function's body, or a whole module. */
function asModule(format: EvaluatedModule['format']): typeof unwrapModule {
  return (source) => ({ source, format, before: '', after: '' });
}

/** The file that evaluated code is named after; null where it is not named after a file. */
function fileOfOptions(options: unknown, key: 'filename' | 'identifier'): string | null {
  const name =
    typeof options === 'object' && options !== null ? (options as Record<string, unknown>)[key] : options;
  if (typeof name !== 'string') return null;
  const file = fileOfUrl(name) ?? name.replace(/[?#].*$/s, '');
  return isAbsolute(file) ? file : null;
}

/** Lets rewritten code in another context find the runtime as it does in this one. */
function provideRuntime(context: unknown): void {
  const runtime = (globalThis as Record<symbol, unknown>)[RUNTIME_KEY];
  if (typeof context !== 'object' || context === null || runtime === undefined) return;
  if (!Object.hasOwn(context, RUNTIME_KEY))
    defineProperty(context, RUNTIME_KEY, { value: runtime, configurable: true, writable: true });
}
