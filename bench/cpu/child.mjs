// Calls the functions, and in turns their copies, whose CPU time it prints, in ns per call, and what one reading of CPU time
// takes. Run by cpu.mjs.
import {
  middling,
  plainMiddling,
  plainShort,
  plainSleeper,
  plainSpinlock,
  short,
  sleeper,
  spinlock,
} from './functions.mjs';

/** Each with its copy, how often they are called in a turn, and how many turns there are. */
const FUNCTIONS = {
  spinlock: [spinlock, plainSpinlock, 1, 10],
  sleeper: [sleeper, plainSleeper, 1, 10],
  short: [short, plainShort, 20_000, 20],
  middling: [middling, plainMiddling, 2_000, 20],
};
const NS_PER_US = 1e3;
const { threadCpuUsage } = process;
const now = performance.now.bind(performance);

/** Of this thread where Node tells; reading the process's makes it advance by microseconds. */
function cpuUs() {
  const usage = process.cpuUsage();
  const { user, system } = threadCpuUsage === undefined ? usage : threadCpuUsage.call(process);
  return user + system;
}

const truthsNs = {};
for (const [name, [measured, plain, calls, turns]] of Object.entries(FUNCTIONS)) {
  let truthUs = 0;
  for (let turn = 0; turn < turns; turn++) {
    const began = cpuUs();
    for (let i = 0; i < calls; i++) plain();
    truthUs += cpuUs() - began;
    for (let i = 0; i < calls; i++) measured();
  }
  truthsNs[name] = (truthUs * NS_PER_US) / (calls * turns);
}

let readingNs = Number.POSITIVE_INFINITY;
for (let batch = 0; batch < 100; batch++) {
  const start = now();
  for (let i = 0; i < 100; i++) cpuUs();
  readingNs = Math.min(readingNs, ((now() - start) * 1e6) / 100);
}
console.log(JSON.stringify({ truthsNs, readingNs }));
