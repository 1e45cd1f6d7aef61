import { currentLoader } from '../loader/install.js';
import { type ModuleProbe, type SiteDescription, type SiteIndex, TIMED_TARGET } from '../runtime/contract.js';
import { TtprofError } from '../shared/errors.js';
import { type CallSite, findCallSite } from './call-site.js';
import { kindOf } from './stand-ins/function-kind.js';
import type { AnyFunction, Gate } from './stand-ins/gate.js';
import { createStandIn } from './stand-ins/stand-in.js';
import { ensureRuntime } from './thread-runtime.js';

/** Decorates methods, accessors and fields that hold functions; standard decorators and TypeScript's older ones. */
export interface TimedDecorator {
  <This, F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext<This, F>): F;
  <This, V>(getter: (this: This) => V, context: ClassGetterDecoratorContext<This, V>): (this: This) => V;
  <This, V>(
    setter: (this: This, value: V) => void,
    context: ClassSetterDecoratorContext<This, V>,
  ): (this: This, value: V) => void;
  <This, F extends AnyFunction>(
    field: undefined,
    context: ClassFieldDecoratorContext<This, F>,
  ): (this: This, initial: F) => F;
  <This, F extends AnyFunction>(
    accessor: ClassAccessorDecoratorTarget<This, F>,
    context: ClassAccessorDecoratorContext<This, F>,
  ): ClassAccessorDecoratorResult<This, F>;
  <T>(
    prototype: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
}

/** What this uses of the context of a standard decorator. */
interface Context {
  readonly kind: string;
  readonly name: string | symbol;
  readonly static: boolean;
  addInitializer(initializer: (this: unknown) => void): void;
}

/** A class that is defined again (in a function, in a module that is loaded twice) adds to the same row. */
const probes = new Map<string, ModuleProbe>();

/** See {@link Tprof.timed}. */
export function timed(...decorated: readonly unknown[]): TimedDecorator {
  if (decorated.length > 0) throw new TtprofError('@tprof.timed is written with parentheses: @tprof.timed()');
  const at = findCallSite(timed);
  return ((
    target: unknown,
    context: Context | string | symbol | undefined,
    descriptor?: PropertyDescriptor,
  ) =>
    typeof context === 'object'
      ? decorate(target, context, at)
      : decorateProperty(target as object, context, descriptor, at)) as TimedDecorator;
}

function decorate(target: unknown, context: Context, at: CallSite): unknown {
  const { kind, name } = context;
  function initialise(this: unknown, value: unknown): unknown {
    if (typeof value !== 'function') throw cannotTime(name, 'a field that holds no function');
    return openGate(value as AnyFunction, nameOf(classOf(this, null, name), name, kind), at).standIn;
  }
  if (kind === 'field') return initialise;
  if (kind === 'accessor') return { init: initialise };
  if (kind !== 'method' && kind !== 'getter' && kind !== 'setter') throw cannotTime(name, `a ${kind}`);
  const gate: Gate = { probe: null, site: 0 as SiteIndex, isForeign: null };
  const standIn = createStandIn(target as AnyFunction, gate);
  let isOpen = false;
  context.addInitializer(function open(this: unknown) {
    if (isOpen) return;
    isOpen = true;
    gate.probe = probeFor(target as AnyFunction, nameOf(classOf(this, standIn, name), name, kind), at);
  });
  return standIn;
}

/** TypeScript's `experimentalDecorators`, and what Babel calls legacy. */
function decorateProperty(
  holder: object,
  name: string | symbol | undefined,
  descriptor: PropertyDescriptor | undefined,
  at: CallSite,
): PropertyDescriptor {
  const owner = typeof holder === 'function' ? holder : holder.constructor;
  if (name === undefined) throw cannotTime(owner.name, 'a class');
  const time = (callee: AnyFunction, kind: string) =>
    openGate(callee, nameOf(owner.name, name, kind), at).standIn;
  if (typeof descriptor?.value === 'function')
    return { ...descriptor, value: time(descriptor.value, 'method') };
  if (descriptor?.get === undefined && descriptor?.set === undefined)
    throw cannotTime(name, 'no method or accessor, and `experimentalDecorators` see nothing else');
  return {
    ...descriptor,
    ...(descriptor.get && { get: time(descriptor.get, 'getter') }),
    ...(descriptor.set && { set: time(descriptor.set, 'setter') }),
  };
}

function openGate(callee: AnyFunction, name: string, at: CallSite): { standIn: AnyFunction } {
  const gate: Gate = { probe: probeFor(callee, name, at), site: 0 as SiteIndex, isForeign: null };
  return { standIn: createStandIn(callee, gate) };
}

/** @returns null where the loader has had the function rewritten for a target, which measures it already */
function probeFor(callee: AnyFunction, name: string, { file, line, column }: CallSite): ModuleProbe | null {
  const rewritten = currentLoader()?.facts() ?? [];
  if (rewritten.some(({ functions }) => functions?.some((one) => one.file === file && one.name === name)))
    return null;
  const key = `${file}:${line}:${column}:${name}`;
  let probe = probes.get(key);
  if (probe === undefined) {
    const site: SiteDescription = { name, line, column, kind: kindOf(callee), targets: [TIMED_TARGET] };
    probe = ensureRuntime().handle.load(JSON.stringify({ file, sites: [site] }));
    probes.set(key, probe);
  }
  return probe;
}

/** The name of the class that defines a method: an instance may be one of a derived class. */
function classOf(self: unknown, method: AnyFunction | null, name: string | symbol): string {
  if (typeof self === 'function') return self.name;
  for (let at = self as object | null; at !== null && method !== null; at = Object.getPrototypeOf(at)) {
    const { value, get, set } = Object.getOwnPropertyDescriptor(at, name) ?? {};
    if (value === method || get === method || set === method) return at.constructor.name;
  }
  return (self as object).constructor.name;
}

/** As rewritten classes call them: `C.m`, `C.[Symbol.iterator]`, `C.a#get`. */
function nameOf(owner: string, key: string | symbol, kind: string): string {
  const name = typeof key === 'symbol' ? `[${key.description ?? ''}]` : key;
  const suffix = kind === 'getter' ? '#get' : kind === 'setter' ? '#set' : '';
  return `${owner}.${name}${suffix}`;
}

function cannotTime(name: string | symbol, what: string): TtprofError {
  return new TtprofError(
    `@tprof.timed(): \`${String(name)}\` is ${what}: decorate methods, accessors and fields with functions`,
  );
}
