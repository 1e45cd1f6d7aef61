// Fibonacci numbers the slow way: the function that everybody profiles first.
export function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

if (process.argv[2] !== undefined) console.log(fib(Number(process.argv[2])));
