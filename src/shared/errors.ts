/**
 * Wrong usage or configuration, or an input that cannot be used: one line that names what, where and what to do.
 * The command line prints `message` alone and exits with 2; anything else that is thrown is a bug of ours.
 * @hideconstructor
 */
export class TtprofError extends Error {
  override readonly name = 'TtprofError';
}

/** The first line of what was thrown: what we say of it goes into one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
