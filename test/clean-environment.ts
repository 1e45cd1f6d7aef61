import { delimiter, dirname } from 'node:path';

/** Set by the test runner and by the user's shell: it would change what is tested. */
const UNWANTED = /^(?:NODE_OPTIONS|NODE_TEST_CONTEXT|NODE_V8_COVERAGE|FORCE_COLOR|TTPROF\w*)$/;

/** This process's environment for those that tests start, in which `node` is the Node that runs the tests. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const wanted = Object.entries(process.env).filter(([name]) => !UNWANTED.test(name));
  const env = Object.fromEntries(wanted);
  return { ...env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) };
}
