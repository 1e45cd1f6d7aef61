/**
 * Programs of random function forms. A program is built from a list of numbers, each of which decides one choice, so
 * that a shorter list or smaller numbers make a simpler program: that is how a failure shrinks.
 */

/** Where code stands, and so what may stand there. */
interface Place {
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly isStatic: boolean;
  readonly loops: readonly string[];
  readonly depth: number;
}

const TOP: Place = { isAsync: false, isGenerator: false, isStatic: false, loops: [], depth: 0 };
const MAX_DEPTH = 4;

/** The program's text; it calls `log(value)`, `drain(iterator)` and `trace()`, which its host provides. */
export function buildProgram(choices: readonly number[]): string {
  let at = 0;
  let names = 0;
  const pick = (count: number): number => (at < choices.length ? choices[at++]! % count : 0);
  const maybe = (text: string): string => (pick(2) === 1 ? text : '');
  const choose = (...makers: readonly (() => string)[]): string => makers[pick(makers.length)]!();
  const newName = (): string => `v${names++}`;
  const gap = (): string => ['', ' ', ' /* => { */ ', '\n', ' // comment\n'][pick(5)]!;
  /** Ends a statement: with a semicolon, or with the end of a line. */
  const end = (): string => [';', '\n', '; // ;\n', ';/**/'][pick(4)]!;

  function expression(place: Place): string {
    const inner = { ...place, depth: place.depth + 1 };
    if (place.depth >= MAX_DEPTH) return String(pick(10));
    const makers = [
      () => String(pick(10)),
      () => `log(${expression(inner)})`,
      () => `[${expression(inner)},${gap()}${expression(inner)}]`,
      () => `({ a: ${expression(inner)} }).a`,
      () => `(${expression(inner)} ? ${expression(inner)} : ${expression(inner)})`,
      () => `(${expression(inner)}, ${expression(inner)})`,
      () => `\`t\${${expression(inner)}}\``,
      () => `typeof ${expression(inner)}`,
      () => call(inner),
      () => call(inner),
      () => `log((${functionForm(inner)}))`,
      () => `(/re${pick(3)}/g.source)`,
      () => 'trace()',
    ];
    if (place.isAsync)
      makers.push(
        () => `(await ${expression(inner)})`,
        () => `(await(${expression(inner)}))`,
        () => `log(await[${expression(inner)}])`,
      );
    if (place.isGenerator)
      makers.push(
        () => `(yield ${expression(inner)})`,
        () => '(yield)',
        () => `(yield* [${expression(inner)}])`,
        () => `(yield[${expression(inner)}])`,
      );
    return makers[pick(makers.length)]!();
  }

  /** Calls a function made on the spot, and uses up what it gives. */
  function call(place: Place): string {
    const [open, close] = [`(${maybe('\n')}`, `${gap()})`];
    switch (pick(place.isAsync ? 8 : 6)) {
      case 0:
        return `${open}${functionForm(place)}${close}(${expression(place)})`;
      case 1:
        return `drain(${open}${generatorForm(place)}${close}(${expression(place)}))`;
      case 2:
        return `new ${open}${classForm(place)}${close}(${expression(place)}).m(${expression(place)})`;
      case 3:
        return `${open}${objectForm(place)}${close}.m(${expression(place)})`;
      case 4:
        return `log(${open}${asyncForm(place)}${close}(${expression(place)}))`;
      case 5:
        return `[1, 2].map(${functionForm(place)})`;
      case 6:
        return `(await ${open}${asyncForm(place)}${close}(${expression(place)}))`;
      default:
        return `(await drain(${open}async ${generatorForm(place)}${close}(${expression(place)})))`;
    }
  }

  function parameters(place: Place): string {
    const name = newName();
    return choose(
      () => 'x',
      () => '',
      () => `x, ...${name}`,
      () => `x, { ${name} = 2 } = {}`,
      () => `x = ${expression({ ...TOP, depth: place.depth + 2 })}`,
    );
  }

  function body(place: Place): string {
    return `{${gap()}${statements(place)}${gap()}}`;
  }

  function functionForm(place: Place): string {
    const inner: Place = { ...TOP, isStatic: place.isStatic, depth: place.depth + 1 };
    return choose(
      () => `function${gap()}(${parameters(place)})${body(inner)}`,
      () => `function named(${parameters(place)}) ${body(inner)}`,
      () => `x =>${gap()}${expression(inner)}`,
      () => `(${parameters(place)}) =>${gap()}${expression(inner)}`,
      () => `(${parameters(place)}) =>${gap()}${body(inner)}`,
      () => `() => ({ a: ${expression(inner)} })`,
    );
  }

  function asyncForm(place: Place): string {
    const inner: Place = { ...TOP, isAsync: true, depth: place.depth + 1 };
    return choose(
      () => `async function${gap()}(${parameters(place)})${body(inner)}`,
      () => `async x =>${gap()}${expression(inner)}`,
      () => `async (${parameters(place)}) =>${gap()}${body(inner)}`,
      () => `async () => ({ a: ${expression(inner)} })`,
    );
  }

  /** Without `async`, with which it is one that waits; so it cannot wait itself, but yields. */
  function generatorForm(place: Place): string {
    return `function*${gap()}(${parameters(place)})${body({ ...TOP, isGenerator: true, depth: place.depth + 1 })}`;
  }

  function classForm(place: Place): string {
    const inner: Place = { ...TOP, depth: place.depth + 1 };
    const members = [
      () => `constructor(${parameters(place)})${body(inner)}`,
      () => `static s = ${functionForm(inner)};`,
      () => `#p(x)${body(inner)}`,
      () => `get g()${body(inner)}`,
      () => `f = ${functionForm(inner)};`,
      () => `static {${statements({ ...inner, isStatic: true })}}`,
      () => `async a(x)${body({ ...inner, isAsync: true })}`,
      () => `*y(x)${body({ ...inner, isGenerator: true })}`,
    ];
    const first = pick(members.length);
    const second = (first + 1 + pick(members.length - 1)) % members.length;
    return `class ${maybe('C')}{${gap()}${members[first]!()}${gap()}m(x)${body(inner)}${gap()}${members[second]!()}}`;
  }

  function objectForm(place: Place): string {
    const inner: Place = { ...TOP, depth: place.depth + 1 };
    return `{ ${maybe(`get g() ${body(inner)}, `)}m(x)${body(inner)},${gap()}k: ${functionForm(inner)} }`;
  }

  function statements(place: Place): string {
    const count = 1 + pick(3);
    let text = '';
    for (let i = 0; i < count; i++) text += statement(place);
    return text;
  }

  function statement(place: Place): string {
    const inner = { ...place, depth: place.depth + 1 };
    if (place.depth >= MAX_DEPTH) return `log(${pick(10)})${end()}`;
    const block = (at: Place = inner): string => `{${gap()}${statements(at)}${gap()}}`;
    const makers = [
      () => `log(${expression(inner)})${end()}`,
      () => `${['const', 'let', 'var'][pick(3)]} ${newName()} = ${expression(inner)}${end()}`,
      () => `if (${expression(inner)}) ${block()} else ${block()}`,
      () => `try ${block()} catch ${maybe('(e) ')}${block()}`,
      () => `try ${block()} finally ${block()}`,
      () => `try ${block()} catch { } finally ${block()}`,
      () => `throw ${expression(inner)}${end()}`,
      () => `switch (${expression(inner)}) { case 1: ${statements(inner)} default: ${statements(inner)} }`,
      () => loop(inner, ''),
      () => {
        const name = newName();
        return `function ${name}(${parameters(place)})${body({ ...TOP, depth: inner.depth })} log(${name}(${expression(inner)}))${end()}`;
      },
    ];
    if (!place.isStatic)
      makers.push(
        () => `return ${expression(inner)}${end()}`,
        () => `return${end()}`,
        () => `return[${expression(inner)}]${end()}`,
        () => `if (${expression(inner)}) return ${expression(inner)}${end()}`,
      );
    if (place.isAsync)
      makers.push(
        () => `await ${expression(inner)}${end()}`,
        () => `const { a: ${newName()} = 1 } = await ${expression(inner)}${end()}`,
        () => loop(inner, ' await'),
        () => loop(inner, ' await'),
      );
    if (place.isGenerator)
      makers.push(
        () => `yield ${expression(inner)}${end()}`,
        () => `yield${end()}`,
        () => `const [${newName()}] = yield ${expression(inner)}${end()}`,
      );
    if (place.loops.length > 0)
      makers.push(
        () => `if (${expression(inner)}) continue${end()}`,
        () => `if (${expression(inner)}) break ${place.loops[pick(place.loops.length)]}${end()}`,
      );
    return makers[pick(makers.length)]!();
  }

  function loop(place: Place, waiting: string): string {
    const label = `l${names++}`;
    const values =
      place.isAsync && pick(3) === 2 ? `await [${expression(place)}, 2]` : `[1, ${expression(place)}]`;
    const inside = { ...place, loops: [...place.loops, label] };
    const head = `${label}:${gap()}for${waiting} (const ${newName()} of ${values})`;
    return choose(
      () => `${head} {${gap()}${statements(inside)}${gap()}}`,
      () => `${head} log(${expression(place)})${end()}`,
      () => `${head} ;`,
      () => `${head} { }`,
    );
  }

  return `log(drain(${generatorForm(TOP)}${maybe('\n')}(0)))${end()}log((${functionForm(TOP)})(1))${end()}log((${asyncForm(TOP)})(2))${end()}${maybe(statements({ ...TOP, isStatic: true }))}`;
}
