import { realpathSync } from 'node:fs';

/** The script of this process or worker, links resolved; null where there is none. */
export function findScript(): string | null {
  const script = process.argv[1];
  if (script === undefined) return null;
  try {
    return realpathSync(script);
  } catch {
    return script; // without its extension, or what is no file
  }
}
