import { shortenMiddle } from '../../report/formats/table/text-width.js';
import { formatDuration } from './format-duration.js';

/** Where progress is shown: `process.stderr`, or something like it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  /** The terminal's width. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** How often the time left counts down. */
const TICK_MS = 1000;
/** Back to the beginning of the line, and clear it. */
const CLEAR_LINE = '\r\x1b[2K';

/**
 * One line on a terminal that says which run it is and how long the rest will take; nothing elsewhere. While the
 * app's own output is shown the line does not move.
 */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #runs: number;
  readonly #startedAtMs = Date.now();
  readonly #latestEndMs: number;
  #timer: NodeJS.Timeout | null = null;
  #isShown = false;
  /** Whether the app may have written to the terminal since our last line. */
  #isBehindOutput = false;

  /**
   * @param runs how many there will be at most
   * @param budgetMs no more are begun after this time
   */
  constructor(
    runs: number,
    stream: ProgressStream = process.stderr,
    budgetMs: number = Number.POSITIVE_INFINITY,
  ) {
    this.#runs = runs;
    this.#stream = stream;
    this.#latestEndMs = this.#startedAtMs + budgetMs;
  }

  /**
   * @param done how many runs have ended
   * @param what names the run that begins, as in `run 3 of 10`
   * @param hidden whether the app's output is kept back; else one line says what is known now, and stays
   * @param runs how many there will be at most, as is known by now
   */
  begin(done: number, what: string, hidden: boolean, runs: number = this.#runs): void {
    if (this.#stream.isTTY !== true || runs === 1) return;
    const elapsedMs = Date.now() - this.#startedAtMs;
    const endsAtMs =
      done === 0 ? null : Math.min(Date.now() + (elapsedMs / done) * (runs - done), this.#latestEndMs);
    const describe = () => {
      const left =
        endsAtMs === null ? '' : `, about ${formatDuration(Math.max(TICK_MS, endsAtMs - Date.now()))} left`;
      return `ttprof: ${what}${left}`;
    };
    if (!hidden) {
      this.#stream.write(`${describe()}\n`);
      this.#isBehindOutput = true;
      return;
    }
    if (this.#isBehindOutput) this.#endLine();
    const show = () => {
      // shortened: if a line wraps, only its last part can be cleared
      const width = (this.#stream.columns || Number.POSITIVE_INFINITY) - 1;
      this.#stream.write(`${CLEAR_LINE}${shortenMiddle(describe(), width)}`);
      this.#isShown = true;
    };
    show();
    this.#timer = setInterval(show, TICK_MS).unref();
  }

  /**
   * Moves to an empty line, whether or not the app has ended its last one, as spaces for the width of the terminal, less
   * one, do: from within a line they wrap to the next one, on an empty line they stay there. Then back to its beginning.
   */
  #endLine(): void {
    this.#stream.write(`${' '.repeat(Math.max(0, (this.#stream.columns || 0) - 1))}\r`);
    this.#isBehindOutput = false;
  }

  /** Removes the line, so that others can write. */
  clear(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (this.#isShown) this.#stream.write(CLEAR_LINE);
    this.#isShown = false;
  }
}
