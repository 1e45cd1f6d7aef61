/** What `--drill` needs in every thread, which the package has as one script, compiled code and all. */

export { createFunctionLocator } from '../../loader/locate/locate-function.js';
export { noting, startSampler } from '../../runtime/inside/sampler.js';
