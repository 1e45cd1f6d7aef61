import Module from 'node:module';
import { asOwnWork } from '../../runtime/contract.js';
import { loadRewriter } from '../load-rewriter.js';
import type { ModuleRewriter } from '../module-rewriter.js';
import { formatOf } from '../rewriter.js';
import { withRequiredEsm } from './required-esm.js';

// Captured: the program may have it timed.
const { apply } = Reflect;

type Compile = (this: unknown, content: string, filename: string, ...rest: unknown[]) => unknown;

/**
 * Rewrites CommonJS where all of it passes, on every version of Node: on its way into the compiler, after compiling
 * loaders such as ts-node, tsx or esbuild-register. Sources are never supplied by a `load` hook instead, which would
 * change `require` itself (below some versions such modules get a `require` without `cache`: see node-features.ts).
 * @param hooksSeeRequiredEsm do the hooks of this version see what a required ES module imports?
 */
export function patchCommonJs(
  rewriter: ModuleRewriter,
  isBusy: () => boolean,
  hooksSeeRequiredEsm: boolean,
): void {
  const prototype = Module.prototype as unknown as { _compile: Compile };
  const original = prototype._compile;
  prototype._compile = function _compile(content, filename, ...rest) {
    const passes = typeof content !== 'string' || typeof filename !== 'string' || isBusy();
    const begun = passes
      ? null
      : asOwnWork(() => rewriter.begin({ file: filename, source: content, format: formatOf(rest[0]) }));
    const code = typeof begun === 'function' ? begun(loadRewriter) : begun;
    const args = [code ?? content, filename, ...rest];
    if (rest[0] === 'module' && !hooksSeeRequiredEsm)
      return withRequiredEsm(rewriter, isBusy, () => apply(original, this, args));
    // called from here, so that the program's stack traces show one frame of ours and not two
    return apply(original, this, args);
  };
}
