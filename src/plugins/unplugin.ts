import {
  createUnplugin,
  type UnpluginBuildContext,
  type UnpluginContext,
  type UnpluginOptions,
} from 'unplugin';
import type { SourceMapV3 } from '../loader/maps/source-map-v3.js';
import { RUNTIME_KEY } from '../runtime/contract.js';
import { say } from '../shared/say.js';
import { readModuleId } from './module-id.js';
import { createBundleRewriter } from './rewrite-module.js';
import { readTargetsInForce } from './targets-in-force.js';
import {
  hasCheckingPlugin,
  isCheckedByLoader,
  type NativeContext,
  withPlainSources,
} from './type-checkers.js';
import type { PluginOptions } from './types.js';

type Context = UnpluginBuildContext & UnpluginContext;
/** What only Rollup and Vite give. */
interface RollupContext {
  getCombinedSourcemap?: () => SourceMapV3;
  readonly environment?: { readonly mode?: string; readonly config?: { readonly consumer?: string } };
}
interface ViteConfig {
  readonly plugins: readonly { readonly name: string }[];
  readonly test?: { readonly browser?: { readonly enabled?: boolean } };
}

/**
 * The plugin for all bundlers. Scripts are rewritten as they are on the disk, before anything else happens to them;
 * components (`.vue` and the like), and what a type checker reads, when they have become JavaScript. Without targets
 * the plugin does nothing.
 */
export const plugins = createUnplugin<PluginOptions | undefined, true>((options, { framework }) => {
  const inForce = readTargetsInForce(options ?? {}, process.env);
  if (inForce === null) return [{ name: 'ttprof' }];
  // webpack and Rspack cache modules under this name: other targets need another one
  const name = framework === 'webpack' || framework === 'rspack' ? `ttprof-${inForce.key}` : 'ttprof';
  const rewriter = createBundleRewriter(inForce, say);
  let isRunner = false;
  let hasChecker = false;
  let isWarned = false;
  let isToldOfLines = false;

  const concerns = (id: string, kind: string): boolean => {
    const module = isRunner ? null : readModuleId(id);
    return module?.kind === kind && rewriter.mayConcern(module.file);
  };
  const isChecked = (context: UnpluginBuildContext) => hasChecker || isCheckedByLoader(nativeOf(context));
  function rewriteSource(this: UnpluginBuildContext, code: string, id: string) {
    const context = this as unknown as RollupContext;
    if (isForBrowser(context) || isAsset(this) || isChecked(this)) return null;
    // the code may not be that on the disk: another plugin can have loaded it
    const map = context.getCombinedSourcemap?.() ?? null;
    return rewriter.rewrite({ file: readModuleId(id)!.file, code, map });
  }
  function rewriteCompiled(this: UnpluginBuildContext, code: string, id: string) {
    const context = this as unknown as RollupContext;
    if (isForBrowser(context) || isAsset(this) || !isChecked(this)) return null;
    const map = context.getCombinedSourcemap?.() ?? nativeOf(this).inputSourceMap ?? null;
    const result = rewriter.rewrite({
      file: readModuleId(id)!.file,
      code,
      map: map && withPlainSources(map),
    });
    if (result !== null && map === null && !isToldOfLines) {
      isToldOfLines = true;
      say(
        'lines are those of the compiled code: "sourceMap": true in tsconfig.json makes them those of the sources',
      );
    }
    return result;
  }
  const sources: UnpluginOptions = {
    name,
    enforce: 'pre',
    transformInclude: (id) => concerns(id, 'script'),
    // Rollup knows no `enforce`
    transform: { order: 'pre', handler: rewriteSource } as NonNullable<UnpluginOptions['transform']>,
    buildEnd() {
      if (RUNTIME_KEY in globalThis || isWarned || rewriter.functions === 0) return;
      isWarned = true;
      const count = rewriter.functions === 1 ? '1 function' : `${rewriter.functions} functions`;
      say(
        `${count} can be measured in what is built; start it by \`npx ttprof -t … -- node FILE\`: without, it runs unmeasured`,
      );
    },
    rspack(compiler) {
      // its persistent cache does not depend on the plugins that a module passed through
      const { cache } = compiler.options;
      if (typeof cache === 'object' && cache.type === 'persistent')
        cache.version = `${cache.version ?? ''}-${name}`;
    },
    rollup: {
      buildStart({ plugins: all }: { plugins: readonly { readonly name: string }[] }) {
        hasChecker = hasCheckingPlugin(all);
      },
    },
    vite: {
      configResolved(config: ViteConfig) {
        hasChecker = hasCheckingPlugin(config.plugins);
        isRunner = config.plugins.some((plugin) => plugin.name === 'vitest');
        if (!isRunner) return;
        if (!(RUNTIME_KEY in globalThis))
          say('nothing is measured: start Vitest by `npx ttprof -t … -- npx vitest run`');
        else if (config.test?.browser?.enabled) say("Vitest's browser mode is not measured");
      },
    } as NonNullable<UnpluginOptions['vite']>,
  };
  const checked: UnpluginOptions = {
    name: `${name}:checked`,
    enforce: 'post',
    transformInclude: (id) => concerns(id, 'script'),
    transform: { order: 'post', handler: rewriteCompiled } as NonNullable<UnpluginOptions['transform']>,
  };
  const components: UnpluginOptions = {
    name: 'ttprof:components',
    enforce: 'post',
    transformInclude: (id) => concerns(id, 'component'),
    transform(this: Context, code, id) {
      const context = this as unknown as RollupContext;
      if (isForBrowser(context)) return null;
      return rewriter.rewrite({
        file: readModuleId(id)!.file,
        code,
        map: context.getCombinedSourcemap?.() ?? null,
      });
    },
  };
  return [
    sources,
    ...(['vite', 'rollup', 'webpack', 'rspack'].includes(framework) ? [checked] : []),
    ...(['vite', 'rollup', 'rolldown'].includes(framework) ? [components] : []),
  ];
});

/** Does Vite's server give it to a browser? Nobody measures it there. */
function isForBrowser({ environment }: RollupContext): boolean {
  return environment?.mode === 'dev' && environment.config?.consumer === 'client';
}

/** Does webpack take the text of a script for something else than its module? */
function isAsset(context: UnpluginBuildContext): boolean {
  const type = nativeOf(context).loaderContext?._module?.type;
  return type !== undefined && !type.startsWith('javascript/');
}

function nativeOf(context: UnpluginBuildContext): NativeContext {
  const { getNativeBuildContext } = context as Partial<UnpluginBuildContext>;
  return (getNativeBuildContext?.() ?? {}) as NativeContext;
}
