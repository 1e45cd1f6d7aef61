import { fileURLToPath } from 'node:url';

export type FrameKind = 'js' | 'native' | 'kernel';

export interface PerfFrame {
  readonly kind: FrameKind;
  readonly name: string;
  /** For JavaScript the absolute path or URL, else `[library]`. */
  readonly file: string;
  /** 0 where it is not known. */
  readonly line: number;
}

export interface PerfSample {
  readonly pid: number;
  readonly tid: number;
  /** On CLOCK_MONOTONIC. */
  readonly timeNs: number;
  readonly event: string;
  /** How many events the sample stands for. */
  readonly period: number;
  /** Innermost first. */
  readonly frames: readonly PerfFrame[];
}

/** The fields of `perf script -F` that {@link parseSample} reads. */
export const SCRIPT_FIELDS = 'pid,tid,time,period,event,ip,sym,dso';

const HEADER = /^\s*(-?\d+)\/(-?\d+)\s+(\d+)\.(\d+):\s+(\d+)\s+(\S+?):?\s*$/;
const NS_PER_SECOND = 1e9;
/** With V8's marks: of the tier (`~` interpreted, `^` baseline, `+` Maglev, `*` TurboFan), of on-stack replacement, … */
const JS_SYMBOL = /^(?:JS|LazyCompile|Function|Script|Eval):(?:o?[~^+*]'?)?/;
const POSITION = /^(.*?) ?((?:\/|file:|node:|[A-Za-z]:[\\/]).*?|):(\d+):(\d+)$/;
/** The interpreter's frames: under `--interpreted-frames-native-stack` each interpreted function has one of its own. */
const INTERPRETER = /^(?:Builtins_InterpreterEntryTrampoline|InterpreterEntryTrampoline|BytecodeHandler:)/;

/**
 * Reads one sample as `perf script` prints it. Pure.
 * @param lines the header, and a line for each frame
 * @returns null where this is no sample
 */
export function parseSample(lines: readonly string[]): PerfSample | null {
  const header = HEADER.exec(lines[0] ?? '');
  if (header === null) return null;
  const [, pid, tid, seconds, fraction, period, event] = header;
  return {
    pid: Number(pid),
    tid: Number(tid),
    timeNs: Number(seconds) * NS_PER_SECOND + Number(fraction!.padEnd(9, '0').slice(0, 9)),
    event: event!.split(':')[0]!,
    period: Number(period),
    frames: lines.slice(1).flatMap((line) => parseFrame(line) ?? []),
  };
}

function parseFrame(line: string): PerfFrame | null {
  const match = /^\s*[0-9a-f]+ (.*) \(([^()]*)\)\s*$/.exec(line);
  if (match === null) return null;
  const [, symbol = '', library = ''] = match;
  // perf appends the offset of the address in the symbol
  const name = symbol.replace(/\+0x[0-9a-f]+$/, '');
  if (INTERPRETER.test(name)) return null;
  const tier = JS_SYMBOL.exec(name);
  if (tier !== null) return parseJsFrame(name.slice(tier[0].length));
  if (/^\[(?:kernel|guest|bpf)/.test(library) || library.endsWith('.ko')) {
    return { kind: 'kernel', name, file: '[kernel]', line: 0 };
  }
  const file = /^\/tmp\/perf-\d+\.map$/.test(library) ? 'V8' : library.slice(library.lastIndexOf('/') + 1);
  return { kind: 'native', name, file: file === '' ? '' : `[${file.replace(/^\[|\]$/g, '')}]`, line: 0 };
}

function parseJsFrame(text: string): PerfFrame {
  const position = POSITION.exec(text);
  if (position === null) return { kind: 'js', name: text.trim(), file: '', line: 0 };
  const [, name = '', place = '', line] = position;
  return { kind: 'js', name, file: toPath(place), line: Number(line) };
}

function toPath(place: string): string {
  try {
    return place.startsWith('file:') ? fileURLToPath(place) : place;
  } catch {
    return place;
  }
}
