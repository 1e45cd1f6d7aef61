import { dirname } from 'node:path';

/**
 * A folder and all above it, the nearest first.
 * @param from its absolute path
 */
export function listFoldersUp(from: string): string[] {
  const folders = [from];
  for (let above = dirname(from); above !== folders.at(-1); above = dirname(above)) folders.push(above);
  return folders;
}
