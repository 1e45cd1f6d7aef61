/**
 * JSON for people and programs: objects indented by two blanks, as Python's tprof writes them, but lists of plain
 * values on one line each (a series has thousands of numbers). Fields that are `undefined` are left out.
 * @param value plain data without cycles
 */
export function stringify(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  if (isList && value.every((each) => typeof each !== 'object' || each === null))
    return JSON.stringify(value);
  const parts = isList
    ? value.map((each) => stringify(each, deeper))
    : Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => `${JSON.stringify(key)}: ${stringify(each, deeper)}`);
  if (parts.length === 0) return isList ? '[]' : '{}';
  const [open, close] = isList ? '[]' : '{}';
  return `${open}\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}${close}`;
}
