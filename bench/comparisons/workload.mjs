// The program that the trials of comparisons measure: jobs of several kinds, each written twice in the same words
// (`sort_a`, `sort_b`), each a number of equal steps, so that one step more in twenty is a change of 5 %.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One step of each job, a few µs of what programs do; `sum` is what it gives back, so that nothing can be optimised
 * away.
 */
const STEPS = {
  // edit distance of two words
  distance: `const [from, to] = [words[step % 16], words[(step * 7 + 3) % 16]];
    let row = Array.from({ length: to.length + 1 }, (_, i) => i);
    for (let i = 1; i <= from.length; i++) {
      const next = [i];
      for (let j = 1; j <= to.length; j++) {
        const cost = from[i - 1] === to[j - 1] ? 0 : 1;
        next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + cost));
      }
      row = next;
    }
    sum += row[to.length];`,
  // tokens of a line of code
  tokens: `for (const match of line.matchAll(/([a-z_]+)|([0-9]+)|([^ ])/g)) sum += match[0].length;`,
  // a document, read and written
  json: `const value = JSON.parse(text);
    value.step = step;
    sum += JSON.stringify(value).length;`,
  // records, grouped and ordered
  group: `const groups = new Map();
    for (const record of records) {
      const list = groups.get(record.kind);
      if (list) list.push(record);
      else groups.set(record.kind, [record]);
    }
    const order = [...groups.values()].sort((x, y) => y.length - x.length);
    sum += order[step % order.length].length;`,
  // a template, filled in
  template: `sum += template.replace(/{(\\w+)}/g, (_, key) => values[key] ?? step).length;`,
  // a binary tree, built and searched
  tree: `let root = null;
    for (let i = 0; i < 24; i++) {
      const key = (i * 37 + step) % 101;
      const node = { key, left: null, right: null };
      if (root === null) root = node;
      else {
        let at = root;
        for (;;) {
          const side = key < at.key ? 'left' : 'right';
          if (at[side] === null) {
            at[side] = node;
            break;
          }
          at = at[side];
        }
      }
    }
    for (let at = root; at !== null; at = at.right) sum += at.key;`,
  // words of a text, counted
  words: `const counts = {};
    for (const word of prose.split(' ')) counts[word] = (counts[word] ?? 0) + 1;
    sum += Object.keys(counts).length;`,
  // numbers in order
  order: `const sorted = [...numbers].sort((x, y) => x - y);
    sum += sorted[step % sorted.length];`,
  // bytes, written and encoded
  buffer: `const bytes = Buffer.alloc(96);
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE((at * 2654435761 + step) >>> 0, at);
    sum += bytes.toString('base64').length + bytes.readUInt16BE(step);`,
  // a hash by a library of the platform
  hash: `sum += createHash('md5').update(prose).update(String(step)).digest()[0];`,
};

export const JOBS = Object.keys(STEPS);

/**
 * @param {number} more steps in each call than it is asked for
 * @returns the folder, with `work.mjs` and `app.mjs`; whoever made it removes it
 */
export function writeWorkload(more = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  const functions = JOBS.flatMap((job) =>
    ['a', 'b'].map(
      (copy) => `export function ${job}_${copy}(steps) {
  let sum = 0;
  for (let step = 0; step < steps + ${more}; step++) {
    ${STEPS[job]}
  }
  return sum;
}`,
    ),
  );
  writeFileSync(
    join(folder, 'work.mjs'),
    `import { createHash } from 'node:crypto';
const words = Array.from({ length: 16 }, (_, i) => 'abcdefghijklmnop'.slice(i % 5, 8 + (i % 7)));
const line = 'for (const item of list_of_items) total += item.price * 12 + offset_of(item, 345);';
const text = JSON.stringify({ items: [1, 2, 3, { four: 'five' }], name: 'x'.repeat(20) });
const records = Array.from({ length: 40 }, (_, i) => ({ id: i, kind: 'kind' + ((i * i) % 7) }));
const template = 'Dear {name}, your order {order} of {count} items leaves {place} on {day}.';
const values = { name: 'Ada', order: 1815, count: 3, place: 'London' };
const numbers = Array.from({ length: 50 }, (_, i) => (i * 7919) % 101);
const prose = 'it was the best of times it was the worst of times it was the age of wisdom '.repeat(2);
${functions.join('\n')}
`,
  );
  // one after the other: all calls of one copy, then all of the other
  writeFileSync(
    join(folder, 'app.mjs'),
    `import * as work from './work.mjs';
const [order, calls, steps] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
for (const job of ${JSON.stringify(JOBS)}) {
  const [a, b] = [work[job + '_a'], work[job + '_b']];
  if (order === 'turns') {
    for (let call = 0; call < calls; call++) {
      a(steps);
      b(steps);
    }
  } else {
    for (let call = 0; call < calls; call++) a(steps);
    if (order === 'sequence') for (let call = 0; call < calls; call++) b(steps);
  }
}
`,
  );
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
