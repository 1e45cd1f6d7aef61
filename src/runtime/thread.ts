import { threadId } from 'node:worker_threads';
import { type Arena, openArena } from './arena.js';
import { originNs } from './clock.js';
import type { ModuleDescription } from './contract.js';
import {
  MODULE_DOUBLES,
  MODULE_FIRST_ID,
  MODULE_JSON,
  MODULE_JSON_BYTES,
  MODULE_NEXT,
  MODULE_SITE_COUNT,
  MODULE_SITES,
  SITE_DOUBLES,
  THREAD_DOUBLES,
  THREAD_ID,
  THREAD_MODULES,
  THREAD_ORIGIN,
  THREAD_SITES,
} from './layout.js';
import { Site } from './site.js';
import { createSeriesPool, type SiteMemory } from './site-memory.js';

/** Threads take memory from the arena in slabs, so that no two of them write to the same cache line. */
const SLAB_DOUBLES = 4096;
const BYTES_PER_DOUBLE = 8;

/** This thread's part of the arena. */
export class ThreadMemory implements SiteMemory {
  readonly arena: Arena = openArena();
  readonly seriesPool = createSeriesPool();
  readonly record: Float64Array;
  readonly address: number;
  /** By id less 1. */
  readonly sites: Site[] = [];
  #slab = 0;
  #slabLeft = 0;

  constructor() {
    this.address = this.allocate(THREAD_DOUBLES);
    this.record = this.viewOrPrivate(this.address, THREAD_DOUBLES);
    this.record[THREAD_ID] = threadId;
    this.record[THREAD_ORIGIN] = originNs;
    if (this.address !== 0) this.arena.pushThread(this.address);
  }

  /** @returns the address of `doubles` zeros, 0 where the arena is full */
  allocate(doubles: number): number {
    if (doubles > SLAB_DOUBLES / 4) return this.arena.allocate(doubles);
    if (this.#slabLeft < doubles) {
      const slab = this.arena.allocate(SLAB_DOUBLES);
      if (slab === 0) return 0;
      this.#slab = slab;
      this.#slabLeft = SLAB_DOUBLES;
    }
    const address = this.#slab;
    this.#slab += doubles;
    this.#slabLeft -= doubles;
    return address;
  }

  /** Where the arena is full, memory that works but that nobody reads: the program must not notice. */
  viewOrPrivate(address: number, doubles: number): Float64Array {
    return address === 0 ? new Float64Array(doubles) : this.arena.view(address, doubles);
  }

  /** Gives a module's functions their records, which the main thread can read from now on. */
  addModule(json: string, description: ModuleDescription): Site[] {
    const count = description.sites.length;
    const bytes = Buffer.from(json);
    const jsonAddress = this.allocate(Math.ceil(bytes.length / BYTES_PER_DOUBLE));
    const sitesAddress = this.allocate(count * SITE_DOUBLES);
    const moduleAddress = this.allocate(MODULE_DOUBLES);
    const firstId = this.sites.length + 1;
    const added = description.sites.map((site, index) => {
      const address = sitesAddress === 0 ? 0 : sitesAddress + index * SITE_DOUBLES;
      return new Site(this, firstId + index, site.kind, this.viewOrPrivate(address, SITE_DOUBLES));
    });
    this.sites.push(...added);
    this.record[THREAD_SITES] = this.sites.length;
    if (jsonAddress !== 0 && sitesAddress !== 0 && moduleAddress !== 0) {
      new Uint8Array(this.arena.buffer, jsonAddress * BYTES_PER_DOUBLE, bytes.length).set(bytes);
      const module = this.arena.view(moduleAddress, MODULE_DOUBLES);
      module[MODULE_JSON] = jsonAddress;
      module[MODULE_JSON_BYTES] = bytes.length;
      module[MODULE_SITES] = sitesAddress;
      module[MODULE_SITE_COUNT] = count;
      module[MODULE_FIRST_ID] = firstId;
      module[MODULE_NEXT] = this.record[THREAD_MODULES]!;
      this.record[THREAD_MODULES] = moduleAddress; // last: readers see it whole
    }
    return added;
  }
}
