import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/**
 * The memory in which all threads of a process record. One growable SharedArrayBuffer, made by the main thread and
 * handed to workers through their environment data, so that the main thread still reads what a worker recorded
 * after it was terminated. Memory is handed out in doubles and never given back; every view is of fixed length,
 * because views that follow a growing buffer are ten times slower.
 *
 * An address is an index in doubles from the start of the buffer; 0 means "none" (the header lies there).
 */
export interface Arena {
  readonly buffer: SharedArrayBuffer;
  /** @returns the address of `doubles` zeros, or 0 where the arena is full */
  allocate(doubles: number): number;
  /** @returns a view of fixed length */
  view(address: number, doubles: number): Float64Array;
  /** Adds a list's element, whose first double is the address of the next, to the front of the list of threads. */
  pushThread(address: number): void;
  readonly threadsHead: number;
  /** Takes `bytes` from the process's budget for series. @returns false where it is spent */
  takeSeriesBytes(bytes: number): boolean;
}

const KEY = 'ttprof.arena';
const MAGIC = 0x7470_7266;
const BYTES_PER_DOUBLE = 8;
/** Only address space: pages are committed as the buffer grows. Halved until the system grants it. */
const RESERVED_BYTES = 2 ** 30;
const LEAST_RESERVED_BYTES = 2 ** 22;
const GROWTH_BYTES = 2 ** 18;
const HEADER_DOUBLES = 16;
/** One budget for the samples that are kept in time order, all threads and functions together. */
export const SERIES_BUDGET_BYTES = 64 * 2 ** 20;

// The header, in 32-bit words.
const WORD_MAGIC = 0;
const WORD_FREE = 1; // address of the first unallocated double
const WORD_THREADS = 2; // address of the first thread's record
const WORD_SERIES = 3; // bytes taken from the budget for series
const HEADER_WORDS = 16;

/**
 * Makes the process's arena in the main thread, joins it in a worker.
 * A worker whose environment carries none (its main thread runs without the preload) gets one of its own.
 */
export function openArena(): Arena {
  if (!isMainThread) {
    const inherited = getEnvironmentData(KEY) as unknown;
    if (inherited instanceof SharedArrayBuffer && new Int32Array(inherited, 0, 1)[0] === MAGIC)
      return new GrowingArena(inherited);
  }
  const arena = new GrowingArena(reserve());
  setEnvironmentData(KEY, arena.buffer);
  return arena;
}

interface GrowableSharedArrayBuffer extends SharedArrayBuffer {
  readonly maxByteLength: number;
  grow(byteLength: number): void;
}

function reserve(): SharedArrayBuffer {
  const Growable = SharedArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => SharedArrayBuffer;
  for (let bytes = RESERVED_BYTES; ; bytes /= 2) {
    try {
      const buffer = new Growable(GROWTH_BYTES, { maxByteLength: bytes });
      const header = new Int32Array(buffer, 0, HEADER_WORDS);
      header[WORD_MAGIC] = MAGIC;
      header[WORD_FREE] = HEADER_DOUBLES;
      return buffer;
    } catch (error) {
      if (bytes <= LEAST_RESERVED_BYTES) throw error;
    }
  }
}

class GrowingArena implements Arena {
  readonly buffer: GrowableSharedArrayBuffer;
  readonly #header: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer as GrowableSharedArrayBuffer;
    this.#header = new Int32Array(buffer, 0, HEADER_WORDS);
  }

  allocate(doubles: number): number {
    const address = Atomics.add(this.#header, WORD_FREE, doubles);
    const endBytes = (address + doubles) * BYTES_PER_DOUBLE;
    if (endBytes > this.buffer.maxByteLength) {
      Atomics.sub(this.#header, WORD_FREE, doubles);
      return 0;
    }
    while (this.buffer.byteLength < endBytes) {
      const wanted = Math.ceil(endBytes / GROWTH_BYTES) * GROWTH_BYTES;
      try {
        this.buffer.grow(Math.min(wanted, this.buffer.maxByteLength));
      } catch (error) {
        // Another thread may have grown it further meanwhile, which is as good.
        if (this.buffer.byteLength < endBytes) {
          if (error instanceof RangeError) return 0;
          throw error;
        }
      }
    }
    return address;
  }

  view(address: number, doubles: number): Float64Array {
    return new Float64Array(this.buffer, address * BYTES_PER_DOUBLE, doubles);
  }

  pushThread(address: number): void {
    const first = this.view(address, 1);
    let head: number;
    do {
      head = Atomics.load(this.#header, WORD_THREADS);
      first[0] = head;
    } while (Atomics.compareExchange(this.#header, WORD_THREADS, head, address) !== head);
  }

  get threadsHead(): number {
    return Atomics.load(this.#header, WORD_THREADS);
  }

  takeSeriesBytes(bytes: number): boolean {
    if (Atomics.add(this.#header, WORD_SERIES, bytes) + bytes <= SERIES_BUDGET_BYTES) return true;
    Atomics.sub(this.#header, WORD_SERIES, bytes);
    return false;
  }
}
