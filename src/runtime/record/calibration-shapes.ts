import type { ModuleProbe, SiteIndex } from '../contract.js';

// The functions by which calibrate.ts finds out what measuring adds.

type Shape = (value: number) => number;
type Loop = (shape: Shape, calls: number) => number;

// Each step waits for the result of the one before.
const bodyText = (steps: number): string =>
  steps === 0 ? '' : `i|=1;for(let k=0;k<${steps};k++){i^=i<<13;i^=i>>>17;i^=i<<5}`;
// The shape that rewritten code has (see loader/rewrite/inject.ts), and the same without measuring. Compiled from text, so
// that each has type feedback of its own.
const measuredText = (id: number, steps: number): string =>
  `return function measured${id}(i){const h=typeof p==="object"?p:null,t=h!==null?h.enter(0):0;let v=h;` +
  `try{{${bodyText(steps)}return v=(i)}v=void 0}finally{if(h!==null)h.exit(0,t,v)}}`;
const plainText = (id: number, steps: number): string =>
  `return function plain${id}(i){${bodyText(steps)}return i}`;
// No call waits for the result of the one before, as in most loops; see STEPS_OF_EMPTY in calibrate.ts. The texts differ by
// the name: V8 compiles equal texts once, and then treats the second function worse than the first.
const loopText = (name: string): string =>
  `return function ${name}(f,n){let s=1;for(let i=0;i<n;i++)s=s+f(i)|0;return s}`;

/** A function as it is measured and as it is without, and for each a loop that calls nothing else. */
export interface Shapes {
  readonly measured: Shape;
  readonly plain: Shape;
  readonly loopMeasured: Loop;
  readonly loopPlain: Loop;
}

let shapesCreated = 0;

/** @param steps how long the functions are: of 1.5 ns each */
export function createShapes(probe: ModuleProbe, steps: number): Shapes {
  const id = ++shapesCreated;
  try {
    return {
      measured: new Function('p', measuredText(id, steps))(probe),
      plain: new Function(plainText(id, steps))(),
      loopMeasured: new Function(loopText(`measured${id}`))(),
      loopPlain: new Function(loopText(`plain${id}`))(),
    };
  } catch {
    return createShapesWithoutText(probe, steps); // --disallow-code-generation-from-strings
  }
}

/** The same without compiling any text: sooner, and for all with the same type feedback. */
export function createShapesWithoutText(probe: ModuleProbe, steps: number): Shapes {
  const body: Shape = (value) => {
    let x = value | 1;
    for (let step = 0; step < steps; step++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
    }
    return x;
  };
  return {
    measured(value) {
      const handle = typeof probe === 'object' ? probe : null;
      const token = handle !== null ? handle.enter(0 as SiteIndex) : 0;
      let result: unknown = handle;
      try {
        const end = body(value);
        result = end;
        return end;
      } finally {
        if (handle !== null) handle.exit(0 as SiteIndex, token, result);
      }
    },
    plain: (value) => body(value),
    loopMeasured(shape, calls) {
      let value = 1;
      for (let call = 0; call < calls; call++) value = (value + shape(call)) | 0;
      return value;
    },
    loopPlain(shape, calls) {
      let value = 1;
      for (let call = 0; call < calls; call++) value = (value + shape(call)) | 0;
      return value;
    },
  };
}
