import { DateTime } from 'luxon';

const FORMAT = 'yyyy-MM-dd HH:mm:ss';

function work(n) {
  let sum = 0;
  for (let i = 0; i < 5; i++)
    sum += DateTime.fromFormat(`2024-0${(i % 9) + 1}-1${n % 10} 10:20:30`, FORMAT, { zone: 'utc' }).day;
  return sum;
}

let total = 0;
for (let call = 0; call < 600; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
