// The program whose speed is guarded. SLOWER=1 stands for a change that makes it slower.
function sortNumbers(numbers) {
  const wasted = process.env.SLOWER === '1' ? 8 : 0;
  for (let extra = 0; extra < wasted; extra++) [...numbers].sort((a, b) => b - a);
  return [...numbers].sort((a, b) => a - b);
}

let seed = 1;
const next = () => (seed = (seed * 48_271) % 2_147_483_647);
for (let call = 0; call < 60; call++) sortNumbers(Array.from({ length: 2000 }, next));
