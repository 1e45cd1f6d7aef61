/** What a project needs so that its functions can be measured. */
export interface Plan {
  /** What was found: `Vitest`, `webpack`. */
  readonly tool: string;
  /** The lines to add to a configuration; null where nothing is needed. */
  readonly edit: { readonly file: string; readonly imported: string; readonly isNew: boolean } | null;
  /** To be run in the project's folder. */
  readonly command: string;
}

/** What is known of a project. */
export interface ProjectFacts {
  /** Names of all dependencies. */
  readonly dependencies: ReadonlySet<string>;
  readonly scripts: { readonly build?: unknown; readonly start?: unknown; readonly test?: unknown };
  /** Names of the files in its folder. */
  readonly files: readonly string[];
  /** Does it hold a folder `src`? */
  readonly hasSources: boolean;
}

const RUNNERS: readonly { readonly name: string; readonly tool: string; readonly command: string }[] = [
  { name: 'vitest', tool: 'Vitest', command: 'npx vitest run' },
  { name: 'jest', tool: 'Jest', command: 'npx jest' },
  { name: 'mocha', tool: 'mocha', command: 'npx mocha' },
  { name: 'ava', tool: 'ava', command: 'npx ava' },
];

/** Bundlers, with what their configuration is called without its extension. What builds on another comes before it. */
const BUNDLERS: readonly {
  readonly name: string;
  readonly tool: string;
  readonly config: string;
  readonly plugin: string;
  readonly build: string;
}[] = [
  { name: 'tsup', tool: 'tsup', config: 'tsup.config', plugin: 'esbuild', build: 'npx tsup' },
  { name: 'tsdown', tool: 'tsdown', config: 'tsdown.config', plugin: 'rolldown', build: 'npx tsdown' },
  { name: 'vite', tool: 'Vite', config: 'vite.config', plugin: 'vite', build: 'npx vite build' },
  { name: 'rollup', tool: 'Rollup', config: 'rollup.config', plugin: 'rollup', build: 'npx rollup -c' },
  {
    name: 'rolldown',
    tool: 'Rolldown',
    config: 'rolldown.config',
    plugin: 'rolldown',
    build: 'npx rolldown -c',
  },
  { name: 'webpack', tool: 'webpack', config: 'webpack.config', plugin: 'webpack', build: 'npx webpack' },
  {
    name: '@rspack/core',
    tool: 'Rspack',
    config: 'rspack.config',
    plugin: 'rspack',
    build: 'npx rspack build',
  },
  { name: '@farmfe/core', tool: 'Farm', config: 'farm.config', plugin: 'farm', build: 'npx farm build' },
];

/** Finds out what a project needs, tool by tool; at least one plan. */
export function planFor({ dependencies, scripts, files, hasSources }: ProjectFacts): Plan[] {
  const target = hasSources ? "'src/**:*'" : "'*.{js,ts}:*'";
  const measure = `npx ttprof -t ${target} --`;
  const plans: Plan[] = RUNNERS.filter(({ name }) => dependencies.has(name)).map(({ tool, command }) => ({
    tool,
    edit: null,
    command: `${measure} ${command}`,
  }));
  const bundler = BUNDLERS.find(
    ({ name, config }) => dependencies.has(name) && (findConfig(files, config) !== null || name !== 'vite'),
  );
  // without a configuration of its own, Vite is there for Vitest
  if (bundler !== undefined) {
    const file = findConfig(files, bundler.config);
    plans.push({
      tool: bundler.tool,
      edit: {
        file: file ?? `${bundler.config}.mjs`,
        imported: `ttprof/${bundler.plugin}`,
        isNew: file === null,
      },
      command: `TTPROF=${target} ${scripts.build === undefined ? bundler.build : 'npm run build'} && ${measure} ${
        scripts.start === undefined ? 'node dist/FILE.js' : 'npm start'
      }`,
    });
  }
  if (plans.length > 0) return plans;
  const script = scripts.test === undefined ? (scripts.start === undefined ? null : 'npm start') : 'npm test';
  return [{ tool: 'Node', edit: null, command: `${measure} ${script ?? 'node FILE.js'}` }];
}

function findConfig(files: readonly string[], stem: string): string | null {
  return files.find((file) => file.startsWith(`${stem}.`) && /\.[cm]?[jt]s$/.test(file)) ?? null;
}
