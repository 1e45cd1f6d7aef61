// Work spread over worker threads: ttprof adds up what all of them measured.
//   npx ttprof -t examples/workers/primes.js:countPrimes examples/workers/main.js
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const WORKERS = 4;
const CHUNKS = 40;
const CHUNK_SIZE = 5000;

const chunks = Array.from({ length: CHUNKS }, (_, i) => ({ from: i * CHUNK_SIZE, to: (i + 1) * CHUNK_SIZE }));
let primes = 0;

async function work() {
  const worker = new Worker(new URL('./worker.js', import.meta.url));
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
    worker.postMessage(chunk);
    const [count] = await once(worker, 'message');
    primes += count;
  }
  await worker.terminate();
}

await Promise.all(Array.from({ length: WORKERS }, work));
console.log(`${primes} primes below ${CHUNKS * CHUNK_SIZE}`);
