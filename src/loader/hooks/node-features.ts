/** `[major, minor, patch]` */
type Version = readonly [number, number, number];

/** From which versions on something works: one per release line that has it, then every later line. */
export interface Boundary {
  readonly since: readonly Version[];
  /** Where this is known from. */
  readonly source: string;
}

/**
 * `module.registerHooks` leaves CommonJS alone. Before, even a hook that passes everything through gives CommonJS a
 * synthetic `require` (no `cache`, `_compile` skipped), and `require(esm)` can crash.
 */
export const SOUND_SYNC_HOOKS: Boundary = {
  since: [
    [22, 22, 3],
    [24, 11, 1],
    [25, 1, 0],
  ],
  source: 'https://github.com/nodejs/node/issues/59366',
};

/**
 * Does a version have a feature?
 * @param version as in `process.versions.node`
 */
export function hasFeature(boundary: Boundary, version: string = process.versions.node): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const line = boundary.since.find((since) => since[0] === major);
  if (line === undefined) return boundary.since.every((since) => since[0] < major);
  return minor > line[1] || (minor === line[1] && patch >= line[2]);
}

/** Where Node 20 reads an ES module that is loaded for `require`: past all hooks, with `readFileSync`. */
export const REQUIRED_ESM_READER = {
  module: 'node:internal/modules/esm/load',
  source: 'https://github.com/nodejs/node/blob/v20.19.0/lib/internal/modules/esm/load.js',
};

/** How to tell Node's own functions in `require.extensions` from those of compilers. */
export const OWN_EXTENSION_HANDLERS = {
  /** Their names for TypeScript, from 24.0 on; the one for `.js` has none. */
  typescriptNames: /^load(?:TS|CTS|MTS|ESMFromCJS)$/,
  /** Node's own code uses its safe copies of built-in methods, which no other code can name. */
  code: /\b(?:StringPrototypeEndsWith|getMaybeCachedSource)\(/,
  source: 'https://github.com/nodejs/node/blob/v24.0.0/lib/internal/modules/cjs/loader.js',
};
