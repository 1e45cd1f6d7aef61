// Prints the resident memory in MB after growing numbers of calls, or that of many functions. Run by memory.mjs with
// and without ttprof's preload.
const [what, ...counts] = process.argv.slice(2);
const rssMb = () => {
  globalThis.gc();
  return process.memoryUsage.rss() / 2 ** 20;
};

if (what === 'calls') {
  const { measured } = await import('./calls.mjs');
  let made = 0;
  let sum = 0;
  const results = counts.map((count) => {
    for (; made < Number(count); made++) sum = (sum + measured(made)) | 0;
    return rssMb();
  });
  console.log(JSON.stringify({ results, sum }));
} else {
  const { functions } = await import(process.argv[3]);
  for (let call = 0; call < 1000; call++) for (const fn of functions) fn(call);
  console.log(JSON.stringify({ results: [rssMb()] }));
}
