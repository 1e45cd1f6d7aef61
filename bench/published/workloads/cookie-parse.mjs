import cookie from 'cookie';

const HEADER =
  'session=9f8e7d6c5b4a; theme=dark; lang=en-GB; seen=1%2C2%2C3; token="abc.def.ghi"; consent=yes';

function work(n) {
  let sum = 0;
  for (let i = 0; i < 20; i++) sum += cookie.parse(`${HEADER}; n=${n + i}`).n.length;
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
