import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Loader, LoaderView } from '../../loader/install.js';
import { requireIsolated } from '../../loader/isolation.js';
import type { Sampler } from '../../runtime/inside/sampler.js';
import type * as Whole from '../../runtime/inside/whole-profile.js';
import { threadId } from '../../runtime/memory/threads.js';
import type { WrapProbe } from '../../runtime/modes/modes.js';
import { reasonOf } from '../../shared/errors.js';
import { replaceFile } from '../../shared/replace-file.js';
import { say } from '../../shared/say.js';
import { loadOwn } from '../own-script.js';
import type { Role } from '../role.js';
import type * as Inside from './inside.js';

const OWN_URL = new URL('../../', import.meta.url).href;

/** The sampler of this thread under `--drill`. */
export interface Drill extends LoaderView {
  readonly note: WrapProbe;
  /** To be called before the program runs. */
  use(loader: Loader): void;
  /** Starts the sampler. Never throws. */
  start(): void;
  /** To be called at the thread's end, before what was recorded is read. */
  finish(): void;
}

/** Prepares for `--drill`. Without it, nothing of this is loaded. */
export function prepareDrill(role: Role): Drill | null {
  const { drill, drillIntervalUs, cpuprofile } = role.config;
  if (!drill) return null;
  const { createFunctionLocator, noting, startSampler } = loadOwn<typeof Inside>(
    new URL('./inside.js', import.meta.url),
  );
  const profilePath = cpuprofile === null ? null : placeProfile(role, cpuprofile);
  let sampler: Sampler | null = null;
  let whole: Whole.WholeProfile | null = null;
  let why: string | null = null;
  let start = (): void => {};
  return {
    note: noting,
    use(loader) {
      const locate = createFunctionLocator([OWN_URL, fileURLToPath(OWN_URL)], loader.sourceOf);
      start = () => {
        start = () => {};
        try {
          whole = profilePath === null ? null : loadWhole().createWholeProfile(locate);
          sampler = startSampler(drillIntervalUs, locate, whole?.add);
        } catch (error) {
          why = `--drill has no samples here, because Node refused its sampler: ${reasonOf(error)}`;
        }
      };
      // otherwise it starts with the first module that has a target, which many processes and threads never load
      if (profilePath !== null) start();
    },
    start: () => start(),
    finish() {
      sampler?.finish();
      const profile = whole?.read() ?? null;
      if (profile !== null) writeProfile(profilePath!, JSON.stringify(profile));
      whole = null;
    },
    facts: () => [],
    notes: () => (why === null ? [] : [why]),
  };
}

/** The path as given is for the main thread of the first process; all others write beside it. */
function placeProfile(role: Role, given: string): string {
  const path = resolve(role.cwd, given);
  const isFirst = role.kind !== 'worker' && (role.session?.claim('cpuprofile') ?? true);
  if (isFirst) return path;
  const [, stem, extension] = /^(.*?[^/\\])(\.[^./\\]*)?$/.exec(path)!;
  return `${stem}-${process.pid}-${threadId}${extension ?? ''}`;
}

function loadWhole(): typeof Whole {
  return requireIsolated<typeof Whole>(new URL('../../runtime/inside/whole-profile.js', import.meta.url));
}

function writeProfile(path: string, text: string): void {
  try {
    replaceFile(path, text);
  } catch (error) {
    say(`cannot write --cpuprofile ${path}: ${reasonOf(error)}`);
  }
}
