import { XMLParser } from 'fast-xml-parser';

const XML = `<list>${Array.from({ length: 20 }, (_, i) => `<item id="${i}"><name>n${i}</name><price>${i}.5</price></item>`).join('')}</list>`;
const PARSER = new XMLParser({ ignoreAttributes: false });

function work(n) {
  let sum = 0;
  sum += PARSER.parse(XML).list.item.length + n;
  return sum;
}

let total = 0;
for (let call = 0; call < 600; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
