export function countPrimes(from, to) {
  let count = 0;
  for (let number = Math.max(from, 2); number < to; number++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= number && isPrime; divisor++) isPrime = number % divisor !== 0;
    if (isPrime) count++;
  }
  return count;
}
