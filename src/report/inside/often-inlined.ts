import { INLINED } from '../../runtime/contract.js';
import type { DrillStats } from '../model.js';

/** A smaller share of samples whose function is not known is not worth a note. */
const MENTIONED_SHARE = 0.02;

/** Is there a good part of the samples of which V8 does not say what ran? */
export function isOftenInlined({ nodes, samples }: DrillStats): boolean {
  const inlined = nodes.reduce((sum, { name, total }) => (name === INLINED ? sum + total : sum), 0);
  return inlined > MENTIONED_SHARE * samples;
}
