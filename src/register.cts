/**
 * The preload for single executable applications, which load what `--require` names and nothing by `--import`. Theirs is
 * the Node that they were built with, which may be too old for us.
 */
const { features, stderr, version } = process as NodeJS.Process & {
  readonly features: { readonly require_module?: boolean };
};

if (features.require_module) require('./register.js');
else stderr.write(`ttprof: a single executable application with Node ${version} cannot be measured\n`);
