// One busy target for some seconds, of functions that V8 inlines and of some that it does not.
function tiny(x) {
  return (x * 31 + 7) % 1009;
}
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
export function busy(rounds) {
  let sum = 0;
  for (let i = 0; i < rounds; i++) {
    for (let k = 0; k < 20_000; k++) sum += tiny(k);
    sum += fib(15);
  }
  return sum;
}
const until = process.cpuUsage().user + Number(process.argv[2]) * 1e6;
// seldom: on a busy machine the reading takes long itself
while (process.cpuUsage().user < until) busy(1000);
