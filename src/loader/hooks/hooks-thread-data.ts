import type { MessagePort } from 'node:worker_threads';
import type { ExchangeOptions } from '../../runtime/contract.js';
import type { Breakdown } from '../targets/breakdown.js';

/** What the hooks thread needs to know; plain data beside the port. */
export interface HooksThreadData {
  readonly targets: readonly string[];
  readonly cwd: string;
  readonly entry: string | null;
  /** The entry where a compiler in `require.extensions` is to have it; see `compiled-entry.ts`. */
  readonly compiledEntry: string | null;
  readonly cache: boolean;
  /** Are source maps on from the start? Modules that arrive with an inline map get a composed one in any case. */
  readonly composesMaps: boolean;
  readonly collectsCoverage: boolean;
  readonly tellsSources: boolean;
  readonly hasOtherLoaders: boolean;
  readonly exchange: ExchangeOptions | null;
  readonly by: readonly Breakdown[];
  readonly debug: boolean;
  readonly port: MessagePort;
}
