import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TtprofError } from '../shared/errors.js';

/** By way of these Jest's own packages are found, in the order in which one depends on the next. */
const JEST = ['jest', 'jest-cli', '@jest/core', 'jest-config'];

/**
 * Where a package of Jest's, or of the project's, is: from the project, else from Jest, of which a project need not
 * have each part installed for itself.
 * @param cwd absolute path of the project
 * @returns `require`, from a place where the package is found
 * @throws {TtprofError} where it is nowhere
 */
export function requireOfProject(name: string, cwd: string): NodeJS.Require {
  let require = createRequire(join(cwd, 'package.json'));
  for (const next of [...JEST, null]) {
    try {
      require.resolve(name);
      return require;
    } catch {
      try {
        if (next !== null) require = createRequire(require.resolve(`${next}/package.json`));
      } catch {
        // what depends on the next may be in the same place
      }
    }
  }
  throw new TtprofError(`ttprof/jest: ${name} is not installed in ${cwd}`);
}
