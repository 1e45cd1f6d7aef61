/**
 * A runtime for tests: it records what rewritten code tells it, and checks that it is told in an order that makes
 * sense.
 */
import assert from 'node:assert/strict';
import type {
  CallProbe,
  ModuleDescription,
  ModuleProbe,
  RuntimeHandle,
} from '../../dist/runtime/contract.js';

const KEY = Symbol.for('ttprof.runtime');

export interface CallRecord {
  readonly name: string;
  /** `returned`, `threw`, or `running` where the call has not ended. */
  state: 'running' | 'returned' | 'threw';
  value: unknown;
  /** How often the call was paused, and whether it is now. */
  pauses: number;
  isPaused: boolean;
  beganPaused: boolean;
}

/** Puts a runtime into a global object; returns its records, in the order in which the calls began. */
export function installTestRuntime(global: object): CallRecord[] {
  const calls: CallRecord[] = [];
  const handle: RuntimeHandle = {
    load(json) {
      const { sites } = JSON.parse(json) as ModuleDescription;
      const begin = (site: number): CallRecord => {
        const call: CallRecord = {
          name: sites[site]!.name,
          state: 'running',
          value: undefined,
          pauses: 0,
          isPaused: false,
          beganPaused: false,
        };
        calls.push(call);
        return call;
      };
      const finish = (call: CallRecord, value: unknown, thrown: unknown): void => {
        assert.equal(call.state, 'running', `${call.name} ended twice`);
        call.state = value === thrown ? 'threw' : 'returned';
        call.value = value === thrown ? undefined : value;
      };
      const probe: ModuleProbe = {
        enter: (site) => {
          begin(site);
          return calls.length - 1;
        },
        exit: (site, token, value) => {
          const call = calls[token]!;
          assert.equal(call.name, sites[site]!.name, 'exit does not belong to its enter');
          finish(call, value, probe);
        },
        start: (site, idle = false) => {
          const call = begin(site);
          call.beganPaused = idle;
          call.isPaused = idle;
          const one: CallProbe = {
            pause: (value) => {
              call.pauses += call.isPaused && !(call.beganPaused && call.pauses === 0) ? 0 : 1;
              call.isPaused = true;
              return value;
            },
            leave: (value) => {
              assert.equal(sites[site]!.kind, 'async-generator', `${call.name} has no consumer that waits`);
              return one.pause(value);
            },
            resume: (value?: never) => {
              assert.equal(call.state, 'running', `${call.name} was resumed after its end`);
              call.isPaused = false;
              return value as never;
            },
            settle: (value) => {
              one.end(value);
              return false;
            },
            end: (value) => finish(call, value, one),
          };
          return one;
        },
        begin: () => assert.fail('only stand-ins do that'),
        follow: () => assert.fail('only stand-ins do that'),
        beginSteps: () => assert.fail('only stand-ins do that'),
      };
      return probe;
    },
  };
  Object.defineProperty(global, KEY, { value: handle, configurable: true });
  return calls;
}
