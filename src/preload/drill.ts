import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import type { Loader, LoaderView } from '../loader/install.js';
import { requireIsolated } from '../loader/isolation.js';
import type * as LocateFunction from '../loader/locate/locate-function.js';
import type * as InsideSampler from '../runtime/inside/sampler.js';
import type { WrapProbe } from '../runtime/modes/modes.js';
import { reasonOf } from '../shared/errors.js';

const OWN_URL = new URL('../', import.meta.url).href;

/** The sampler of this thread under `--drill`. */
export interface Drill extends LoaderView {
  readonly note: WrapProbe;
  /** To be called before the program runs. */
  start(loader: Loader): void;
  /** To be called at the thread's end, before what was recorded is read. */
  finish(): void;
}

/** Prepares for `--drill`, of which nothing is loaded otherwise. */
export function prepareDrill({ drill, drillIntervalUs }: Config): Drill | null {
  if (!drill) return null;
  const { noting, startSampler } = requireIsolated<typeof InsideSampler>(
    new URL('../runtime/inside/sampler.js', import.meta.url),
  );
  const { createFunctionLocator } = requireIsolated<typeof LocateFunction>(
    new URL('../loader/locate/locate-function.js', import.meta.url),
  );
  let sampler: InsideSampler.Sampler | null = null;
  let why: string | null = null;
  return {
    note: noting,
    start(loader) {
      try {
        const ownFolders = [OWN_URL, fileURLToPath(OWN_URL)];
        sampler = startSampler(drillIntervalUs, createFunctionLocator(ownFolders, loader.sourceOf));
      } catch (error) {
        why = `--drill has no samples here, because Node refused its sampler: ${reasonOf(error)}`;
      }
    },
    finish: () => sampler?.finish(),
    facts: () => [],
    notes: () => (why === null ? [] : [why]),
  };
}
