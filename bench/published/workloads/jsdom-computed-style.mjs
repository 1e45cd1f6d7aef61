import { JSDOM } from 'jsdom';

const RULES = Array.from(
  { length: 30 },
  (_, i) => `.c${i} p { color: rgb(${i}, 0, 0); margin: ${i}px }`,
).join('\n');
const { window } = new JSDOM(
  `<style>${RULES}</style><div class="c1"><p>one</p><p>two</p></div><div class="c2"><p>three</p></div>`,
);
const ELEMENTS = [...window.document.querySelectorAll('p')];

function work(n) {
  let sum = 0;
  for (const element of ELEMENTS) sum += window.getComputedStyle(element).color.length + (n % 2);
  return sum;
}

let total = 0;
for (let call = 0; call < 200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
