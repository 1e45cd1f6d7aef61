// TypeScript with what Node does not run by itself (decorators, `using`), through tsx:
//   npx ttprof -t 'examples/typescript/index-text.ts:Index.*' -- npx tsx examples/typescript/main.ts
import { readFileSync } from 'node:fs';
import { tprof } from 'ttprof';
import { Index } from './index-text.ts';

const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const index = new Index(text);
for (const word of ['node', 'time', 'function', 'nothing']) index.find(word);
console.log(index.longestWord());

function scan(word: string): number {
  return text.split('\n').filter((line) => line.toLowerCase().includes(word)).length;
}

{
  using run = tprof(
    { scan, lookUp: (word: string) => index.find(word).length },
    { compare: true, label: 'search' },
  );
  for (let call = 0; call < 200; call++) {
    run.fn.scan('function');
    run.fn.lookUp('function');
  }
}
