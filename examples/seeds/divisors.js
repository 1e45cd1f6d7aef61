// The numbers that divide another one, searched by two threads, each of which takes one half.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const NUMBER = 20_000_000;

export function findDivisors(number, from, to) {
  const divisors = [];
  for (let candidate = from; candidate < to; candidate++)
    if (number % candidate === 0) divisors.push(candidate);
  return divisors;
}

if (isMainThread) {
  const middle = NUMBER / 2;
  const halves = [
    { from: 1, to: middle },
    { from: middle, to: NUMBER + 1 },
  ];
  const found = await Promise.all(
    halves.map(
      (half) =>
        new Promise((resolve, reject) =>
          new Worker(new URL(import.meta.url), { workerData: half })
            .once('message', resolve)
            .once('error', reject),
        ),
    ),
  );
  console.log(`${found.flat().length} divisors`);
} else parentPort.postMessage(findDivisors(NUMBER, workerData.from, workerData.to));
