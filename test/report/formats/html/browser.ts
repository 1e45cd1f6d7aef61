import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const WELL_KNOWN_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium on this machine: `CHROME_PATH`, else a well-known place; undefined where there is none. */
export function findChromium(): string | undefined {
  return process.env.CHROME_PATH || WELL_KNOWN_PATHS.find((path) => existsSync(path));
}

/** A browser that asks for nothing on the network by itself. */
export async function startChromium(executablePath: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', // tests run as root in containers
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page and all that went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  readonly url: string;
  /** Requests but the one for the page itself, seen by the browser or by the server. */
  readonly requests: string[];
  /** Console messages and uncaught errors; violations of the page's policy are among them. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Opens a page over HTTP, where a browser asks for whatever it misses, its icon too. */
export async function openPage(
  browser: Browser,
  content: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const requests: string[] = [];
  const complaints: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/report.html') {
      response.setHeader('content-type', 'text/html');
      response.end(content);
      return;
    }
    requests.push(`server: ${request.url}`);
    response.statusCode = 404;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/report.html`;
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, ...options });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url && !request.url().startsWith('data:'))
      requests.push(request.url());
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  return {
    page,
    url,
    requests,
    complaints,
    async close() {
      await context.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
