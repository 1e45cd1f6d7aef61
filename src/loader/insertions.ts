/** A text to insert before the character at `offset`. */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
  /** For coverage: where in the source begins what V8 counts from inside the text, or its end, on. */
  readonly continuation?: number | undefined;
}

/** An insertion as plain data: where in the source, how many characters, and its `continuation`. */
export type Edit = readonly [offset: number, length: number, continuation?: number];

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

  close(offset: number, text: string, continuation?: number): void {
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
