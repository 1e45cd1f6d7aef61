import { RUNTIME_KEY } from '../runtime/contract.js';
import { say } from '../shared/say.js';
import { readTargetsInForce } from './targets-in-force.js';

let isSaid = false;

/** Says once where targets are named and nobody records. @param command how the runner is started */
export function warnWithoutPreload(command: string): void {
  if (isSaid || RUNTIME_KEY in globalThis || readTargetsInForce({}, process.env) === null) return;
  isSaid = true;
  say(`nothing is measured: start it by \`npx ttprof -t … -- ${command}\``);
}
