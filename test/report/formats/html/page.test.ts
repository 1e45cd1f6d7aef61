import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { renderHtml } from '../../../../dist/report/formats/html/render-html.js';
import { toMarkdown } from '../../../../dist/report/formats/markdown/markdown.js';
import type { Report } from '../../../../dist/report/model.js';
import { findChromium, type OpenedPage, openPage, startChromium } from './browser.js';
import {
  makeBaselineReport,
  makeBeforeAfter,
  makeDrilledReport,
  makeHostileReport,
  makeLargeReport,
  makeReport,
} from './sample-report.js';

const chromiumPath = findChromium();

// What runs in the page is text: the tests' types are Node's, not a browser's.
const OPEN_ALL = 'for (const details of document.querySelectorAll("details")) details.open = true';
/** As the other, but of what stands on frames: their fill over the ground of the page. */
const FIND_POOR_FRAMES = `(() => {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const read = (css) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [red, green, blue] = color.map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = read(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('.frame')].flatMap((frame) => {
    const style = getComputedStyle(frame.querySelector('rect'));
    const fill = read(style.fill);
    const alpha = (fill[3] / 255) * Number(style.fillOpacity);
    const below = [0, 1, 2].map((i) => fill[i] * alpha + ground[i] * (1 - alpha));
    const text = read(getComputedStyle(frame.querySelector('text')).fill).slice(0, 3);
    const [lighter, darker] = [luminance(text), luminance(below)].sort((a, b) => b - a);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    return contrast < 4.5 ? [contrast.toFixed(2) + ' ' + frame.getAttribute('class')] : [];
  });
})()`;
const FIND_POOR_CONTRAST = readFileSync('test/report/formats/html/find-poor-contrast.js', 'utf8');

describe('the page in Chromium', {
  skip: chromiumPath === undefined && 'no Chromium found: install it, or set CHROME_PATH',
}, () => {
  let browser: Browser;
  before(async () => {
    browser = await startChromium(chromiumPath!);
  });
  after(() => browser?.close());

  /** Opens a report, does something with it, and makes sure that nothing was requested or complained about. */
  async function withPage(
    report: Report,
    options: Parameters<typeof openPage>[2],
    action: (opened: OpenedPage) => Promise<void>,
  ): Promise<void> {
    const opened = await openPage(browser, renderHtml(report), options);
    try {
      await action(opened);
      assert.deepEqual(opened.requests, []);
      assert.deepEqual(opened.complaints, []);
    } finally {
      await opened.close();
    }
  }

  const shownNames = (opened: OpenedPage) =>
    opened.page.locator('#functions-table tbody tr:not([hidden]) .fn').allTextContents();

  test('is sorted by keyboard, and says how', async () => {
    await withPage(makeBaselineReport(), {}, async (opened) => {
      const { page } = opened;
      const header = page.locator('#functions-table th', { hasText: 'Median' });
      await header.getByRole('button').focus();
      await page.keyboard.press('Enter');
      assert.equal(await header.getAttribute('aria-sort'), 'descending');
      assert.equal((await shownNames(opened))[0], 'handle()');
      await page.keyboard.press('Space');
      assert.equal(await header.getAttribute('aria-sort'), 'ascending');
      assert.deepEqual((await shownNames(opened)).slice(0, 2), ['escape()', 'Store.decode()']);
      assert.match((await page.getByRole('status').textContent())!, /Sorted by Median, ascending/);
      const sections = await page.locator('#sections summary .fn').allTextContents();
      assert.deepEqual(sections, await shownNames(opened));

      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab'); // past Fastest and Slowest
      await page.keyboard.press('Enter');
      assert.equal(await header.getAttribute('aria-sort'), null);
      assert.equal(await page.locator('th[aria-sort]').textContent(), 'Change');
      assert.equal((await shownNames(opened))[0], 'Query.parse()');
    });
  });

  test('is filtered by keyboard: / leads to the field, words narrow, Escape shows all', async () => {
    await withPage(makeBaselineReport(), {}, async (opened) => {
      const { page } = opened;
      await page.keyboard.press('/');
      await page.keyboard.type('store dec');
      assert.deepEqual(await shownNames(opened), ['Store.decode()']);
      assert.equal(await page.getByRole('status').textContent(), '1 of 7 functions');
      assert.equal(await page.locator('#sections > details:not([hidden])').count(), 1);
      await page.keyboard.press('Escape');
      assert.equal((await shownNames(opened)).length, 7);
      await page.keyboard.type('faster');
      assert.deepEqual(await shownNames(opened), ['handle()', 'Query.parse()']);
      await page.keyboard.type('/'); // in the field it is a character like any other
      assert.equal((await shownNames(opened)).length, 0);
    });
  });

  test('leads by keyboard from a row to its pictures', async () => {
    await withPage(makeBaselineReport(), {}, async ({ page }) => {
      const section = page.locator('#d2');
      assert.equal(await section.getAttribute('open'), null);
      await page.locator('#functions-table tbody a').nth(2).focus();
      await page.keyboard.press('Enter');
      assert.notEqual(await section.getAttribute('open'), null);
      assert.ok(await section.locator('figure').first().isVisible());
      await section.locator('> summary').focus();
      await page.keyboard.press('Enter');
      assert.equal(await section.getAttribute('open'), null);
    });
  });

  test('copies the report as Markdown, names and all', async () => {
    const report = makeHostileReport();
    const permissions = ['clipboard-read', 'clipboard-write'];
    await withPage(report, { permissions }, async ({ page }) => {
      await page.getByRole('button', { name: 'Copy as Markdown' }).press('Enter');
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const copied = await page.evaluate<string>('navigator.clipboard.readText()');
      assert.equal(copied.replaceAll('\r\n', '\n'), toMarkdown(report).replaceAll('\ud800', '\\u{d800}'));
    });
  });

  test('copies where pages have no clipboard of their own (plain HTTP)', async () => {
    await withPage(makeBaselineReport(), {}, async ({ page }) => {
      await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })');
      const button = page.locator('#copy');
      await button.press('Enter');
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      assert.equal(await page.evaluate('document.activeElement.id'), 'copy');
      await page.keyboard.press('/');
      await page.keyboard.press('ControlOrMeta+V');
      assert.match(await page.locator('#filter').inputValue(), /ttprof results @ query parser rewrite/);
      assert.equal(await button.textContent(), 'Copy as Markdown');
    });
  });

  test('stays a page of text whatever names, labels and notes hold', async () => {
    await withPage(makeHostileReport(), {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Open all' }).click();
      await page.keyboard.press('/');
      await page.keyboard.type('<img');
      assert.equal(await page.locator('#functions-table tbody tr:not([hidden])').count(), 1);
      await page.keyboard.press('Escape');
      assert.equal(await page.evaluate('"hacked" in globalThis'), false);
      assert.equal(await page.locator('script, style').count(), 2);
      assert.equal(await page.locator('img, iframe, b, i, [onerror], [onload]').count(), 0);
      assert.equal(await page.title(), '</title><script>globalThis.hacked=1</script> – ttprof');
      const mirrored = page.locator('#functions-table .name', { hasText: 'src/שלום.js' });
      assert.equal(await mirrored.textContent(), 'src/שלום.js:فهرس()');
      const [file, fn] = await Promise.all(
        ['.file', '.fn'].map(async (part) => (await mirrored.locator(part).boundingBox())!.x),
      );
      assert.ok(file! < fn!, 'the file stands left of the function in any script');
      const all = (await page.locator('body').textContent())!;
      assert.doesNotMatch(all, /[\u202a-\u202e\u2066-\u2069]/);
    });
  });

  test('works without scripts: text and pictures are there, buttons that would do nothing are not', async () => {
    await withPage(makeBeforeAfter(), { javaScriptEnabled: false }, async ({ page }) => {
      assert.equal(await page.locator('#functions-table tbody tr').count(), 2);
      assert.ok(await page.locator('#d1 figure').first().isVisible());
      assert.equal(await page.locator('button[id]:visible, input:visible').count(), 0);
    });
  });

  test('has nothing to complain about where nothing was measured', async () => {
    await withPage(makeReport([]), {}, async ({ page }) => {
      await page.keyboard.press('/');
      await page.getByRole('button', { name: 'Dark' }).click();
      assert.match((await page.locator('.sentence').textContent())!, /Nothing was measured/);
    });
  });

  test('opens five hundred functions, and filters them', async () => {
    await withPage(makeLargeReport(), {}, async (opened) => {
      await opened.page.keyboard.press('/');
      await opened.page.keyboard.type('Component499.');
      assert.deepEqual(await shownNames(opened), ['Component499.update()']);
    });
  });

  test('has nothing that axe, an independent judge of accessibility, objects to', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const report of [makeBaselineReport(), makeHostileReport(), makeDrilledReport()]) {
      await withPage(report, {}, async ({ page }) => {
        await page.evaluate(OPEN_ALL);
        await page.evaluate(axe);
        const { passes, violations } = await page.evaluate<AxeResults>('axe.run()');
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
          [],
        );
        assert.ok(passes.length > 30);
      });
    }
  });

  test('flame graphs are walked by keyboard, zoomed and searched', async () => {
    await withPage(makeDrilledReport(), {}, async ({ page }) => {
      await page.evaluate(OPEN_ALL);
      const flames = page.locator('.flame');
      assert.equal(await flames.count(), 3, 'base, current and the difference');
      const flame = flames.nth(1);
      const focused = () => page.evaluate<string>('document.activeElement.getAttribute("aria-label")');
      await flame.locator('.frame').first().focus();
      await page.keyboard.press('ArrowDown');
      assert.match(await focused(), /^lex, /, 'the widest below');
      assert.match((await page.locator('.flame-status').textContent())!, /^lex, .*%/);
      await page.keyboard.press('ArrowRight');
      assert.match(await focused(), /^parse, /);
      await page.keyboard.press('Enter');
      const parse = flame.locator('.frame', { hasText: 'parse' }).first();
      assert.equal(await parse.getAttribute('width'), '100%');
      assert.equal(await flame.locator('.frame:not([hidden])').count(), 3, 'itself, above it, below it');
      assert.equal(await flame.locator('.frame.above').count(), 1);
      await page.keyboard.press('Escape');
      assert.equal(await flame.locator('.frame[hidden]').count(), 0);
      assert.notEqual(await parse.getAttribute('width'), '100%');
      await page.locator('.flame-search').fill('marked');
      assert.equal(await flame.locator('.frame.found').count(), 3);
      assert.match((await page.locator('.flame-status').textContent())!, /^3 found, \d/);
      await page.keyboard.press('Escape');
      assert.equal(await page.locator('.frame.found').count(), 0);
      await parse.click();
      assert.equal(await parse.getAttribute('width'), '100%');
      await page.getByRole('button', { name: 'Whole picture' }).click();
      assert.equal(await flame.locator('.frame[hidden]').count(), 0);
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every text has enough contrast (${colorScheme})`, async () => {
      await withPage(makeBaselineReport(), { colorScheme }, async ({ page }) => {
        await page.evaluate(OPEN_ALL);
        const { checked, poor } = await page.evaluate<{ checked: number; poor: string[] }>(
          FIND_POOR_CONTRAST,
        );
        assert.deepEqual(poor, []);
        assert.ok(checked > 500, `${checked} texts`);
      });
    });
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every text of a flame graph has enough contrast (${colorScheme})`, async () => {
      await withPage(makeDrilledReport(), { colorScheme }, async ({ page }) => {
        await page.evaluate(OPEN_ALL);
        await page.locator('.flame-search').fill('link');
        assert.deepEqual(await page.evaluate<string[]>(FIND_POOR_FRAMES), []);
      });
    });
  }

  test('on paper a dark page is light', async () => {
    await withPage(makeBeforeAfter(), { colorScheme: 'light' }, async ({ page }) => {
      const color = () => page.evaluate('getComputedStyle(document.body).color');
      const light = await color();
      await page.getByRole('button', { name: 'Dark' }).click();
      assert.notEqual(await color(), light);
      await page.emulateMedia({ media: 'print' });
      assert.equal(await color(), light);
    });
  });

  test('the names of functions have room in windows of every width', async () => {
    await withPage(makeBaselineReport(), {}, async ({ page }) => {
      for (const width of [641, 760, 821, 901, 1001, 1151, 1400]) {
        await page.setViewportSize({ width, height: 800 });
        const box = await page.locator('#functions-table tbody .fn').nth(1).boundingBox();
        assert.ok(box!.height < 30, `a name is broken at ${width} pixels`);
        assert.equal(
          await page.evaluate(
            'document.querySelector("#functions-table").parentElement.scrollWidth - document.querySelector("#functions-table").parentElement.clientWidth',
          ),
          0,
          `a column is out of sight at ${width} pixels`,
        );
      }
    });
  });

  test('the switch turns light into dark and back', async () => {
    await withPage(makeBeforeAfter(), { colorScheme: 'light' }, async ({ page }) => {
      const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const light = await ground();
      await page.getByRole('button', { name: 'Dark' }).press('Enter');
      assert.notEqual(await ground(), light);
      await page.getByRole('button', { name: 'Light' }).press('Enter');
      assert.equal(await ground(), light);
    });
  });

  test('fits into windows of 320, 400 and 1,400 pixels', async () => {
    for (const report of [makeBaselineReport(), makeHostileReport(), makeDrilledReport()]) {
      await withPage(report, {}, async ({ page }) => {
        await page.evaluate(OPEN_ALL);
        for (const width of [320, 400, 1400]) {
          await page.setViewportSize({ width, height: 800 });
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
        }
      });
    }
  });
});
