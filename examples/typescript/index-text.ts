import { tprof } from 'ttprof';

export interface Hit {
  readonly line: number;
  readonly text: string;
}

/** An inverted index of the words of a text. */
export class Index {
  readonly #lines: readonly string[];
  readonly #linesOfWord = new Map<string, number[]>();

  constructor(text: string) {
    this.#lines = text.split('\n');
    for (const [line, content] of this.#lines.entries()) this.add(line, content);
  }

  private add(line: number, content: string): void {
    for (const word of tokenize(content)) {
      const lines = this.#linesOfWord.get(word);
      if (lines === undefined) this.#linesOfWord.set(word, [line]);
      else if (lines.at(-1) !== line) lines.push(line);
    }
  }

  find(word: string): Hit[] {
    return (this.#linesOfWord.get(word) ?? []).map((line) => ({ line: line + 1, text: this.#lines[line]! }));
  }

  // reported at the end of the process, whether or not a target names it
  @tprof.timed()
  longestWord(): string {
    let longest = '';
    for (const word of this.#linesOfWord.keys()) if (word.length > longest.length) longest = word;
    return longest;
  }
}

export function tokenize(line: string): string[] {
  return line.toLowerCase().match(/\p{L}+/gu) ?? [];
}
