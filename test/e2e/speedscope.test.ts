import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { findChromium, startChromium } from '../report/formats/html/browser.js';
import { Project } from './project.js';

const chromiumPath = findChromium();
const PAGE = join(
  dirname(createRequire(import.meta.url).resolve('speedscope/package.json')),
  'dist/release/index.html',
);

describe('speedscope opens what is written for other tools', {
  skip: chromiumPath === undefined && 'no Chromium found: install it, or set CHROME_PATH',
}, () => {
  let browser: Browser;
  let project: Project;
  before(async () => {
    browser = await startChromium(chromiumPath!);
    project = await Project.create({
      'app.mjs': `function inner(n) { return n < 2 ? n : inner(n - 1) + inner(n - 2); }
function outer() { return inner(18); }
const until = performance.now() + 400;
while (performance.now() < until) outer();
`,
    });
    const files = ['--cpuprofile', 'all.cpuprofile', '--pprof', 'cut.pb.gz', '--trace', 'calls.json'];
    const { code, stderr } = await project.ttprof(['-t', 'outer', ...files, 'app.mjs']);
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    await browser?.close();
    project?.remove();
  });

  for (const [file, importer] of [
    ['all.cpuprofile', 'Importing as Chrome CPU Profile'],
    ['cut.pb.gz', 'Importing as protobuf encoded pprof file'],
    ['calls.json', 'Importing as Trace Event Format profile'],
  ] as const)
    test(file, async () => {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(String(error)));
      await page.goto(pathToFileURL(PAGE).href);
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByText('Browse', { exact: true }).click(),
      ]);
      await chooser.setFiles(project.path(file));
      await page.getByText('Left Heavy').waitFor();
      assert.ok(said.includes(importer), said.join('\n'));
      assert.doesNotMatch(said.join('\n'), /error|fail|unrecognized/i);
      await page.close();
    });
});
