import {
  type CallProbe,
  type ModuleProbe,
  ownWork,
  type SiteIndex,
  type StepsProbe,
} from '../../runtime/contract.js';

/**
 * A probe for functions that recording itself may call, such as `Map.prototype.get` or `Math.max`: what it calls while
 * it records is ttprof's own work, or a stand-in would record its own recording, without end.
 */
export class GuardedProbe implements ModuleProbe {
  readonly #probe: ModuleProbe;

  constructor(probe: ModuleProbe) {
    this.#probe = probe;
    probe.ownDepth = 1;
  }

  enter(site: SiteIndex): number {
    ownWork.words[ownWork.at]!++;
    try {
      return this.#probe.enter(site);
    } finally {
      ownWork.words[ownWork.at]!--;
    }
  }

  exit(site: SiteIndex, token: number, value: unknown): void {
    ownWork.words[ownWork.at]!++;
    try {
      // only the probe itself says that a call threw
      this.#probe.exit(site, token, value === this ? this.#probe : value);
    } finally {
      ownWork.words[ownWork.at]!--;
    }
  }

  start(site: SiteIndex): CallProbe {
    ownWork.words[ownWork.at]!++;
    try {
      return this.#probe.start(site);
    } finally {
      ownWork.words[ownWork.at]!--;
    }
  }

  begin(site: SiteIndex): number {
    ownWork.words[ownWork.at]!++;
    try {
      return this.#probe.begin(site);
    } finally {
      ownWork.words[ownWork.at]!--;
    }
  }

  beginSteps(site: SiteIndex, waits: boolean): StepsProbe {
    ownWork.words[ownWork.at]!++;
    try {
      return this.#probe.beginSteps(site, waits);
    } finally {
      ownWork.words[ownWork.at]!--;
    }
  }

  follow(site: SiteIndex, token: number, promise: unknown): unknown {
    ownWork.words[ownWork.at]!++;
    try {
      return this.#probe.follow(site, token, promise === this ? this.#probe : promise);
    } finally {
      ownWork.words[ownWork.at]!--;
    }
  }
}
