/** What the root needs at its end, which the package has as one script, compiled code and all. */

export { conclude, openBaseline, printSoFar, readResult } from '../session/conclude.js';
