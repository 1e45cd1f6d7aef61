import type { Continuation } from './continuations.js';

/** A text to insert before the character at `offset`. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
  /** For coverage: in place of the offset where V8 begins to count inside the text or at its end. */
  readonly continuation?: Continuation | undefined;
}

/** An insertion as plain data: where in the source, how many characters, and its continuation. */
export type Edit = readonly [offset: number, length: number, continuation?: number, next?: number];

export function toEdit({ offset, text, continuation }: Insertion): Edit {
  if (continuation === undefined) return [offset, text.length];
  const { offset: begin, next } = continuation;
  return next === undefined ? [offset, text.length, begin] : [offset, text.length, begin, next];
}

interface Ranked extends Insertion {
  readonly rank: number;
}

/**
 * Collects insertions so that those at one offset come out in the right order: what closes something first (inner
 * before outer), then what opens something (outer before inner). To be filled by walks that open on the way down and
 * close on the way up, one walk a function, in source order of the functions.
 */
export class Insertions {
  readonly #opening: Ranked[] = [];
  readonly #closing: Ranked[] = [];
  #rank = 0;

  /** What follows belongs to the next function in source order. */
  startFunction(): void {
    this.#rank++;
  }

  open(offset: number, text: string): void {
    this.#opening.push({ offset, text, rank: this.#rank });
  }

  close(offset: number, text: string, continuation?: Continuation): void {
    if (text !== '' || continuation !== undefined)
      this.#closing.push({ offset, text, continuation, rank: this.#rank });
  }

  /** In the order in which they are to stand in the text. */
  sorted(): Insertion[] {
    // sorting is stable: within one function the order of its walk decides between equals
    this.#closing.sort((a, b) => a.offset - b.offset || b.rank - a.rank);
    return [...this.#closing, ...this.#opening].sort((a, b) => a.offset - b.offset);
  }
}
