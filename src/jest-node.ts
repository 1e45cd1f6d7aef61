import { requireOfProject } from './plugins/from-project.js';
import { warnWithoutPreload } from './plugins/without-preload.js';

const NAME = 'jest-environment-node';
const { TestEnvironment } = requireOfProject(NAME, process.cwd())(NAME) as {
  TestEnvironment: new (...args: unknown[]) => object;
};

/**
 * Jest's environment for Node as it is: what is measured in it finds ttprof without help. This one is for
 * configurations that name ttprof.
 */
export default class extends TestEnvironment {
  constructor(...args: unknown[]) {
    super(...args);
    warnWithoutPreload('npx jest');
  }
}
