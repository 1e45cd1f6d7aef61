// Writes docs/images: the page of examples/before-after.js, light and dark. `npm run docs:images` on a machine left
// alone, with Chromium (CHROME_PATH where it lies elsewhere).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'ttprof-docs-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const html = join(folder, 'report.html');
  const options = ['-x', '--runs', '10', '--label', 'sum without a generator', '--quiet', '--html', html];
  const targets = ['-t', 'before', '-t', 'after'];
  execFileSync(
    process.execPath,
    [join(root, 'lib', 'cli.js'), ...options, ...targets, 'examples/before-after.js'],
    { cwd: root, stdio: 'inherit' },
  );
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: { width: 1160, height: 800 }, colorScheme });
    await page.goto(pathToFileURL(html).href);
    await page.locator('#d0 > summary').click(); // the one before has the same pictures
    await page.evaluate('scrollTo(0, 0)');
    const end = await page.locator('#d1 figure').nth(2).boundingBox();
    await page.screenshot({
      path: join(root, 'docs', 'images', `report-${colorScheme}.png`),
      clip: { x: 0, y: 0, width: 1160, height: end.y + end.height + 24 },
      fullPage: true,
    });
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
