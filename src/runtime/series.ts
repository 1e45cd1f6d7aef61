import { nowNs } from './clock.js';
import {
  CHUNK_DOUBLES,
  CHUNK_HEADER,
  CHUNK_NEXT,
  CHUNK_SAMPLES,
  CHUNKS,
  SERIES_LENGTH,
  SERIES_STRIDE,
} from './layout.js';
import { LOST, stack } from './shadow-stack.js';
import type { SiteMemory } from './site-memory.js';

/** Up to this many samples are kept of one function in one thread. */
export const MAX_SERIES_SAMPLES = 8192;
const MAX_CHUNKS = MAX_SERIES_SAMPLES / CHUNK_SAMPLES;
const CHUNK_BYTES = CHUNK_DOUBLES * 8;

/**
 * The samples of one function in time order: every one at first; when there is no more room, every second of them
 * stays, and from then on every second is added, and so on. The first chunk of each function is always granted.
 */
export class SeriesWriter {
  readonly #memory: SiteMemory;
  readonly #record: Float64Array;
  readonly #chunks: Float64Array[] = [];
  readonly #addresses: number[] = [];
  /** The series was halved between two samples, and the next one falls between two that stay. */
  #skipNext = false;

  constructor(memory: SiteMemory, record: Float64Array) {
    this.#memory = memory;
    this.#record = record;
    record[SERIES_STRIDE] = 1;
  }

  /** Keeps a sample. @returns after how many further timed calls the next one is due */
  keep(startNs: number, durationNs: number): number {
    const record = this.#record;
    if (this.#skipNext) {
      this.#skipNext = false;
      return record[SERIES_STRIDE]! / 2;
    }
    const length = record[SERIES_LENGTH]!;
    if (length === this.#chunks.length * CHUNK_SAMPLES && !this.#grow()) {
      if (this.#chunks.length === 0) return Number.MAX_SAFE_INTEGER; // no memory at all
      // All chunks are full, so the length is even: this sample is one that stays.
      this.#halve();
    }
    this.#append(startNs, durationNs);
    return record[SERIES_STRIDE]!;
  }

  /** Forgets all samples. */
  clear(): void {
    this.#record[SERIES_LENGTH] = 0;
    this.#record[SERIES_STRIDE] = 1;
    this.#skipNext = false;
  }

  #append(startNs: number, durationNs: number): void {
    const record = this.#record;
    const length = record[SERIES_LENGTH]!;
    const chunk = this.#chunks[Math.floor(length / CHUNK_SAMPLES)]!;
    const at = CHUNK_HEADER + 2 * (length % CHUNK_SAMPLES);
    chunk[at] = startNs;
    chunk[at + 1] = durationNs;
    record[SERIES_LENGTH] = length + 1;
  }

  #grow(): boolean {
    if (this.#chunks.length >= MAX_CHUNKS) return false;
    const { freeChunks, freeAddresses, writers } = this.#memory.seriesPool;
    let chunk = freeChunks.pop();
    let address = freeAddresses.pop() ?? 0;
    if (chunk === undefined) {
      const first = this.#chunks.length === 0;
      if (!this.#memory.arena.takeSeriesBytes(CHUNK_BYTES) && !first) {
        const longest = writers.reduce((a, b) => (b.#chunks.length > a.#chunks.length ? b : a), this);
        // Twice as long, or else two would take from each other forever.
        if (longest.#chunks.length < 2 * this.#chunks.length + 2) return false;
        longest.#giveUpHalf();
        chunk = freeChunks.pop()!;
        address = freeAddresses.pop()!;
      } else {
        address = this.#memory.allocate(CHUNK_DOUBLES);
        if (address === 0) return false;
        chunk = this.#memory.arena.view(address, CHUNK_DOUBLES);
      }
    }
    chunk[CHUNK_NEXT] = 0;
    const last = this.#chunks.at(-1);
    if (last === undefined) {
      this.#record[CHUNKS] = address;
      writers.push(this);
    } else last[CHUNK_NEXT] = address;
    this.#chunks.push(chunk);
    this.#addresses.push(address);
    return true;
  }

  /** Keeps every second sample. What encloses the present call is not charged for it. */
  #halve(): void {
    const startNs = nowNs();
    const record = this.#record;
    const length = record[SERIES_LENGTH]!;
    const kept = Math.ceil(length / 2);
    for (let index = 1; index < kept; index++) {
      const from = this.#chunks[Math.floor((2 * index) / CHUNK_SAMPLES)]!;
      const to = this.#chunks[Math.floor(index / CHUNK_SAMPLES)]!;
      const source = CHUNK_HEADER + 2 * ((2 * index) % CHUNK_SAMPLES);
      const target = CHUNK_HEADER + 2 * (index % CHUNK_SAMPLES);
      to[target] = from[source]!;
      to[target + 1] = from[source + 1]!;
    }
    record[SERIES_LENGTH] = kept;
    record[SERIES_STRIDE]! *= 2;
    stack.frames[LOST]! += nowNs() - startNs;
  }

  #giveUpHalf(): void {
    const { freeChunks, freeAddresses } = this.#memory.seriesPool;
    this.#skipNext = this.#record[SERIES_LENGTH]! % 2 === 1;
    this.#halve();
    const needed = Math.max(1, Math.ceil(this.#record[SERIES_LENGTH]! / CHUNK_SAMPLES));
    while (this.#chunks.length > needed) {
      freeChunks.push(this.#chunks.pop()!);
      freeAddresses.push(this.#addresses.pop()!);
    }
    this.#chunks.at(-1)![CHUNK_NEXT] = 0;
  }
}
