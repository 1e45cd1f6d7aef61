// π by throwing darts at a square, in three functions.
function createRandom(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function isInside(x, y) {
  return x * x + y * y <= 1;
}

function estimatePi(throws) {
  const random = createRandom(12345);
  let inside = 0;
  for (let dart = 0; dart < throws; dart++) if (isInside(random(), random())) inside++;
  return (4 * inside) / throws;
}

console.log(estimatePi(1_000_000).toFixed(3));
