import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path =>
  existsSync(path),
);

/** Why no page can be opened here; null where one can. */
export const NO_BROWSER = CHROMIUM === undefined ? 'there is no Chromium on this machine' : null;

/** How a page is looked at. */
export interface Looks {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A page that is open, and what its console and its script complained of; a request to anywhere but the file counts as well. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

let browser: Browser | null = null;

/** Opens a file for `use` in a real browser, and closes the page. */
export async function withPage(
  file: string,
  { width = 1280, colorScheme = 'light' }: Looks,
  use: (open: OpenPage) => Promise<void>,
): Promise<void> {
  // The sandbox of Chromium refuses to run as root.
  browser ??= await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', message => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => complaints.push(error.message));
  page.on('dialog', dialog => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on('request', request => {
    if (request.url() !== `file://${file}`) complaints.push(`request: ${request.url()}`);
  });
  try {
    await page.goto(`file://${file}`);
    await page.locator('#map .map, #map .table').first().waitFor();
    await use({ page, complaints });
  } finally {
    await page.close();
  }
}

/** Ends the browser, once all pages are closed. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = null;
}
