// 10 million calls of a few nanoseconds each, from a loop: the most that --drill can have to note.
export function short(x) {
  return (x * 31 + 7) % 1009;
}
let sum = 0;
for (let i = 0; i < 1e7; i++) sum += short(i);
if (sum < 0) console.log(sum);
