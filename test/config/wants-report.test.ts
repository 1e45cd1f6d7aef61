import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../dist/config/config.js';
import { readSettings } from '../../dist/config/read-config.js';
import { wantsReport } from '../../dist/config/wants-report.js';

const SETTINGS = readSettings({}, '--target', {}, '/').settings;
const wants = (changes: Partial<Config>) => wantsReport({ ...SETTINGS, ...changes });

test('a report is built, unless it is asked to be quiet', () => {
  assert.equal(wants({}), true);
  assert.equal(wants({ quiet: true }), false);
});

test('what is written to a file or judged is built quietly too', () => {
  const outputs: Partial<Config>[] = [
    { json: 'a.json' },
    { markdown: '-' },
    { html: 'a.html' },
    { strict: true },
    { failIfSlowerPercent: 0 },
  ];
  for (const output of outputs) assert.equal(wants({ quiet: true, ...output }), true, JSON.stringify(output));
});
