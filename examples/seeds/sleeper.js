// Two functions that take as long: one sleeps, one computes. On the wall they look alike, on the CPU they do not.
const pause = new Int32Array(new SharedArrayBuffer(4));

function sleeper() {
  Atomics.wait(pause, 0, 0, 1_750);
}

function spinlock() {
  let turns = 0;
  for (let turn = 0; turn < 1e8; turn++) turns += turn & 1;
  return turns;
}

sleeper();
for (let round = 0; round < 3; round++) spinlock();
