import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, it } from 'node:test';
import { findProperties } from '../../../dist/api/stand-ins/builtin-properties.js';

const globals = (name: string) => findProperties(globalThis, name, 'globalThis');
const ofFs = (name: string) => findProperties(fs, name, 'node:fs');

describe('properties of built-ins', () => {
  it('are found through objects, classes and what they inherit', () => {
    assert.equal(ofFs('readFileSync').properties[0]!.callee, fs.readFileSync);
    assert.equal(ofFs('promises.readFile').properties[0]!.holder, fs.promises);
    assert.equal(globals('JSON.parse').properties[0]!.holder, JSON);
    const now = globals('performance.now').properties[0]!;
    assert.equal(now.holder, performance);
    assert.equal(globals('URL.canParse').properties[0]!.holder, URL);
    assert.equal(globals('Map.get').properties[0]!.holder, Map.prototype);
  });

  const refusals: [name: string, reason: RegExp, suggestion?: string][] = [
    ['JSON.pares', /has no JSON\.pares/, 'JSON.parse'],
    ['nothing.at.all', /has no nothing/],
    ['Object.prototype.hasOwnProperty', /hasOwnProperty belongs to all objects: it cannot be replaced/],
    ['Function.call', /globalThis:Function\.call belongs to all objects/],
    ['Map', /globalThis:Map is a class.*name a method, for instance globalThis:Map\.\w+/],
    ['URL', /is a class/],
    ['JSON', /not a function but an object/, 'JSON.parse'],
    ['crypto', /an accessor and not a function/],
    ['undefined', /not a function but undefined/],
  ];
  for (const [name, reason, suggestion] of refusals) {
    it(`${name} cannot be timed: the reason and what is near`, () => {
      const found = globals(name);
      assert.deepEqual(found.properties, []);
      assert.match(found.reason!, reason);
      if (suggestion) assert.ok(found.suggestions.includes(suggestion), found.suggestions.join());
    });
  }

  it('that are frozen cannot be replaced', () => {
    const frozen = Object.freeze({ f() {} });
    assert.match(findProperties(frozen, 'f', 'node:x').reason!, /node:x:f is frozen/);
    const inherits = Object.freeze(Object.create({ g() {} }));
    assert.match(findProperties(inherits, 'g', 'node:x').reason!, /inherited by a frozen object/);
    const fixed = Object.defineProperty({}, 'h', { get: () => () => 1 });
    assert.match(findProperties(fixed, 'h', 'node:x').reason!, /accessor that cannot be replaced/);
  });

  it('match wildcards, without classes', () => {
    const names = ofFs('*Sync').properties.map(({ name }) => name);
    assert.ok(names.includes('readFileSync') && names.includes('statSync'));
    assert.ok(!names.includes('readFile'));
    assert.deepEqual(
      globals('JSON.*')
        .properties.map(({ name }) => name)
        .filter((name) => ['JSON.parse', 'JSON.stringify'].includes(name)),
      ['JSON.parse', 'JSON.stringify'],
    );
    assert.match(ofFs('zzz*').reason!, /no function of node:fs matches zzz\*/);
  });

  it('match wildcards below accessors, and what objects inherit', () => {
    const namesOf = (pattern: string) => globals(pattern).properties.map(({ name }) => name);
    assert.ok(namesOf('process.cw*').includes('process.cwd'));
    assert.ok(namesOf('process.*').includes('process.emitWarning'));
    assert.ok(namesOf('Buffer.*').includes('Buffer.from'));
    assert.deepEqual(namesOf('performance.no*'), ['performance.now']);
    assert.deepEqual(namesOf('crypto.getRandom*'), ['crypto.getRandomValues']);
    assert.match(globals('nothing.at*').reason!, /no function of globalThis matches nothing\.at\*/);
  });

  it('suggests names that differ in case or spelling', () => {
    assert.ok(ofFs('readfileSync').suggestions.includes('readFileSync'));
    assert.ok(ofFs('raedFile').suggestions.includes('readFile'));
    assert.ok(globals('process.uptimme').suggestions.includes('process.uptime'));
  });
});
