/** What a module path may be written without. */
export const SOURCE_EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'] as const;

/** `/`-separated, the drive letter in lower case: URLs, `argv` and `realpath` disagree about it. */
export function normalizePath(path: string): string {
  const slashed = path.includes('\\') && !path.startsWith('/') ? path.replaceAll('\\', '/') : path;
  return /^[A-Z]:/.test(slashed) ? slashed[0]!.toLowerCase() + slashed.slice(1) : slashed;
}
