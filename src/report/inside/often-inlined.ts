import { INLINED } from '../../runtime/contract.js';
import type { DrillStats } from '../model.js';

/** A smaller share of samples whose function is not known is not worth a note. */
const MENTIONED_SHARE = 0.02;

/** Does V8 not say of a good part of the samples what ran? */
export function isOftenInlined({ nodes, samples }: DrillStats): boolean {
  const inlined = nodes.reduce((sum, { name, total }) => (name === INLINED ? sum + total : sum), 0);
  return inlined > MENTIONED_SHARE * samples;
}
