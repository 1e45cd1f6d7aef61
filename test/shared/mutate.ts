/** Bytes with one to four changes: a bit, a byte, a part that is missing, repeated, or put elsewhere. */
export function mutate(bytes: Uint8Array, random: () => number): Buffer {
  let result = Buffer.from(bytes);
  const below = (limit: number) => Math.floor(random() * limit);
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(result.length + 1);
    const end = Math.min(result.length, at + 1 + below(20));
    const [before, part, after] = [result.subarray(0, at), result.subarray(at, end), result.subarray(end)];
    const elsewhere = below(result.length + 1);
    const parts = [
      () => [before, part.map((byte) => byte ^ (1 << below(8))), after],
      () => [before, Uint8Array.of(below(256)), after],
      () => [before, after],
      () => [before],
      () => [before, part, part, after],
      () => [result.subarray(0, elsewhere), part, result.subarray(elsewhere)],
    ];
    result = Buffer.concat(parts[below(parts.length)]!());
  }
  return result;
}

/** JSON in which one value is another one, of another type, or gone: it parses, and says what nobody wrote. */
export function mutateJson(text: string, random: () => number): string {
  const root = { value: JSON.parse(text) as unknown };
  const places: [Record<string, unknown>, string][] = [];
  const collect = (owner: object): void => {
    for (const [key, value] of Object.entries(owner)) {
      places.push([owner as Record<string, unknown>, key]);
      if (typeof value === 'object' && value !== null) collect(value);
    }
  };
  collect(root);
  const below = (limit: number) => Math.floor(random() * limit);
  const [owner, key] = places[below(places.length)]!;
  const values = [
    null,
    -1,
    1e308,
    1e20,
    -1e20,
    2 ** 53,
    1e-300,
    0,
    0.5,
    '',
    '\0\u2028',
    [],
    {},
    true,
    [[]],
    { length: 1e9 },
  ];
  const choice = below(values.length + 1);
  if (choice === values.length) delete owner[key];
  else owner[key] = values[choice];
  return JSON.stringify(root.value) ?? '';
}
