import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makePage } from '../../src/report/html/make-page.ts';
import type { PageData, PageFile, PageRemoval, PageSubject } from '../../src/report/html/page-types.ts';
import { readPageAssets } from '../../src/report/html/read-assets.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { closeBrowser, type Looks, NO_BROWSER, type OpenPage, withPage } from '../helpers/browser.ts';
import { makeSubject } from '../helpers/page.ts';

const test = suite('report-page');
test.after(closeBrowser);

const EVIL = '<img src=x onerror=alert(1)></script><script>alert(2)</script>.js';
const MIB = 1024 * 1024;

/** 5,000 files in 60 packages, a few of them large. */
const FILES: readonly PageFile[] = Array.from({ length: 5000 }, (_, i): PageFile => {
  const at = i % 60;
  const bytes = at < 3 && i < 60 ? 30 * MIB : 2000 + ((i * 7919) % 90_000);
  return [`node_modules/p${at}/lib/${i % 9}/file-${i}.js`, bytes, Math.ceil(bytes / 3), at, i % 3];
});
const REMOVALS: readonly PageRemoval[] = Array.from(
  { length: 800 },
  (_, i): PageRemoval => [`node_modules/p${i % 60}/docs/${i}.md`, 9000 + i, i % 60, 1, i % 2],
);

const LARGE = makeSubject({
  name: 'pictures',
  packages: Array.from({ length: 60 }, (_, i) => `p${i}@1.${i}.0`),
  files: [[EVIL, 5 * MIB, MIB, 0, 1], ...FILES],
  removals: REMOVALS,
  rules: [
    { id: 'p/docs', why: 'for people' },
    { id: 'p/tests', why: 'for its makers' },
  ],
  zippedBytes: 60 * MIB,
  unzippedBytes: 210 * MIB,
  stages: [
    { stage: 'install', bytes: 300 * MIB, files: 6000 },
    { stage: 'prune', bytes: 210 * MIB, files: 5001 },
    { stage: 'archive', bytes: 60 * MIB, files: 5001 },
  ],
  findings: Array.from({ length: 50 }, (_, i) => ({
    level: i === 0 ? 'error' : 'warning',
    code: 'LIB_MISSING',
    message: `${EVIL} needs ${i}`,
    hint: 'Use `lambda-slim plan`.',
    lines: ['keep: x'],
  })),
  linkage: Array.from({ length: 300 }, (_, i) => ({
    path: `node_modules/p${i}/b.node`,
    needs: [
      { library: 'libc.so.6', state: 'runtime', from: 'the runtime has it' },
      {
        library: `libx${i}.so`,
        state: i === 299 ? 'missing' : 'artifact',
        from: i === 299 ? 'nowhere' : EVIL,
      },
    ],
  })),
  duplicates: [{ bytes: 100, paths: Array.from({ length: 2000 }, (_, i) => `a/${i}`) }],
  starts: [
    { name: 'original', init: [400, 410, 395], first: [30, 31, 29], warm: [2, 3] },
    { name: 'slim', init: [200, 210, 190], first: [20, 21, 19], warm: [2, 3] },
  ],
});

const OLDER = makeSubject({
  ...{ name: 'pictures', file: 'before.zip', packages: LARGE.packages },
  files: FILES.slice(500).map(([path, bytes, zipped, at, kind]) => [
    path,
    bytes + (at === 7 ? 900 : 0),
    zipped,
    at,
    kind,
  ]),
  zippedBytes: 40 * MIB,
  unzippedBytes: 190 * MIB,
});

const ONE: PageData = { mode: 'functions', tool: 'lambda-slim test', subjects: [LARGE] };
const TWO: PageData = { mode: 'compare', tool: 'lambda-slim test', subjects: [OLDER, LARGE] };

/** A test in a real page, which also must complain of nothing. */
function inPage(name: string, data: PageData, looks: Looks, use: (open: OpenPage) => Promise<void>): void {
  test(name, () =>
    withTempDir(async dir => {
      assert.ok(NO_BROWSER === null || !process.env.CI, String(NO_BROWSER));
      if (NO_BROWSER !== null) return console.log(`skipped: ${NO_BROWSER}`);
      const file = join(dir, 'report.html');
      await writeFile(file, makePage(data, await readPageAssets()));
      await withPage(file, looks, async open => {
        await use(open);
        assert.equal(open.complaints, []);
      });
    }),
  );
}

const countAll = (page: Page): Promise<number> => page.evaluate('document.querySelectorAll("*").length');
const textOf = async (one: Locator): Promise<string> => (await one.textContent()) ?? '';
/** An open box is covered by what it holds, but for the line with its name. */
const pressName = (box: Locator): Promise<void> => box.click({ position: { x: 8, y: 6 } });
const focused = (page: Page): Promise<string | null> =>
  page.evaluate('document.activeElement.getAttribute("data-key")');
const tile = (page: Page, name: string) =>
  page.locator('.tile', { has: page.getByText(name, { exact: true }) }).first();
const crumbs = (page: Page): Promise<readonly string[]> => page.locator('.crumbs li').allTextContents();

inPage('5,000 files are a page of few elements, whatever is done with it', ONE, {}, async ({ page }) => {
  assert.ok((await page.locator('.tile').count()) > 50);
  for (const switched of [
    'kind',
    'folder',
    'zipped',
    'bytes',
    'removed',
    'rule',
    'both',
    'table',
    'map',
    'kept',
  ]) {
    await page.locator(`#map [data-value="${switched}"]`).click();
    const elements = await countAll(page);
    assert.ok(elements < 3000, `${switched}: ${elements} elements`);
    assert.ok((await page.locator('.tile').count()) <= 750, switched);
    assert.ok((await page.locator('#map tbody tr').count()) <= 40, switched);
  }
  await page.locator('#search').fill('file');
  assert.match(await textOf(page.locator('.found [role=status]')), /^5,000 files/);
  assert.ok((await page.locator('.hits li').count()) <= 12);
  assert.ok((await countAll(page)) < 3000);
});

inPage('zooming goes in, names where it is, and comes back', ONE, {}, async ({ page }) => {
  await pressName(tile(page, 'p1@1.1.0'));
  assert.equal(await crumbs(page), ['All', 'p1@1.1.0']);
  await pressName(page.locator('.tile.open').first());
  assert.is((await crumbs(page)).length, 3);
  await page.locator('.crumbs button').first().click();
  assert.equal(await crumbs(page), ['All']);
  assert.ok(await tile(page, 'p1@1.1.0').isVisible());
});

inPage('the keyboard alone reaches, opens and leaves every box', ONE, {}, async ({ page }) => {
  assert.is(await page.locator('.tile[tabindex="0"]').count(), 1, 'one stop for the Tab key');
  await page.locator('.tile[tabindex="0"]').focus();
  const first = await focused(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  assert.is.not(await focused(page), first);
  await page.keyboard.press('Home');
  assert.is(await focused(page), first);
  await page.keyboard.press('Enter');
  assert.is((await crumbs(page)).length, 2);
  assert.ok(await focused(page), 'the focus went along');
  await page.keyboard.press('Escape');
  assert.equal(await crumbs(page), ['All']);
  assert.is(await focused(page), first, 'and came back to the box that was left');
  await page.keyboard.press('/');
  assert.is(await page.evaluate('document.activeElement.id'), 'search');
  await page.locator('#map [data-value="kind"]').press('Space');
  assert.is(
    await page.evaluate('document.activeElement.getAttribute("data-value")'),
    'kind',
    'a switch keeps the focus',
  );
});

inPage('search dims the others, and a hit leads to its box', ONE, {}, async ({ page }) => {
  await page.locator('#search').fill('P7 file-67.');
  assert.is(await page.locator('.hits li').count(), 1);
  assert.ok((await page.locator('.tile.dim').count()) > 20);
  await page.locator('.hits button').click();
  assert.match((await crumbs(page)).join(' '), /p7@1\.7\.0/);
  assert.match((await focused(page)) ?? '', /file-67\.js$/);
  await page.locator('#search').fill('no such file');
  assert.match(await textOf(page.locator('.found [role=status]')), 'No path');
});

inPage('what was removed is the same map in another colour, with its reason', ONE, {}, async ({ page }) => {
  assert.is(await page.locator('.tile.removed').count(), 0);
  await page.locator('#removed .link').click();
  assert.is(await page.locator('#map [data-value="removed"]').getAttribute('aria-pressed'), 'true');
  assert.ok((await page.locator('.tile.removed').count()) > 20);
  await pressName(tile(page, 'p/docs'));
  await page.locator('.tile.closed:not(.others)').first().hover();
  assert.match(await textOf(page.locator('.detail')), /removed by p\/docs: for people/);
  assert.ok(await page.locator('#map [data-value="zipped"]').isDisabled());
});

inPage('a screen reader has names, roles, headings and a table', ONE, {}, async ({ page }) => {
  const label = (await tile(page, 'p1@1.1.0').getAttribute('aria-label')) ?? '';
  assert.match(label, /^p1@1\.1\.0, [\d.]+ MiB, [\d.]+ % of all, 84 files\. Opens$/);
  const unnamed = await page.evaluate(
    '[...document.querySelectorAll("button, input, select, section, table")].filter(one => !(one.textContent.trim() || one.getAttribute("aria-label") || one.labels?.length)).length',
  );
  assert.is(unnamed, 0);
  assert.is(await page.locator('h1').count(), 1);
  assert.ok((await page.getByRole('region').count()) > 5);
  await page.locator('#map [data-value="table"]').click();
  const table = page.locator('#map').getByRole('table');
  assert.ok(await table.getByRole('rowheader', { name: 'p1@1.1.0' }).isVisible());
  await table.getByRole('button', { name: 'p1@1.1.0' }).click();
  assert.equal(await crumbs(page), ['All', 'p1@1.1.0']);
});

inPage('lists are short until more is asked for', ONE, {}, async ({ page }) => {
  const rows = page.locator('#linkage tbody tr');
  assert.is(await rows.count(), 12);
  assert.match(await textOf(rows.first()), /missing/, 'what is missing comes first');
  await page.locator('#linkage .more').click();
  assert.is(await rows.count(), 24);
  await page.locator('#linkage-filter').fill('libx42.');
  assert.is(await rows.count(), 1);
  assert.is(await page.locator('#duplicates li').count(), 5);
});

inPage('a path is never markup', ONE, {}, async ({ page }) => {
  assert.is(await page.locator('img').count(), 0);
  assert.is(await page.locator('script').count(), 2);
  await page.locator('#search').fill('onerror');
  assert.is(await textOf(page.locator('.hits button')), EVIL);
  await page.locator('.hits button').click();
  assert.match(await textOf(page.locator('.detail')), EVIL);
});

inPage('dark and light follow the system, and the switch', ONE, { colorScheme: 'dark' }, async ({ page }) => {
  const back = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const dark = await back();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await back();
  assert.is.not(light, dark);
  await page.locator('.theme [data-value="dark"]').click();
  assert.is(await back(), dark);
  assert.is(await page.evaluate('document.activeElement.getAttribute("data-value")'), 'dark');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('.theme [data-value="light"]').click();
  assert.is(await back(), light);
});

/** The lowest contrast between a text and what is behind it, of the boxes that have one colour for a background. */
const CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const luminance = color => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(part => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  return [...document.querySelectorAll('.tile .name')].map(one => {
    const [text, back] = [getComputedStyle(one).color, getComputedStyle(one.parentElement).backgroundColor].map(luminance);
    return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
  }).reduce((least, one) => Math.min(least, one), 21);
})()`;

for (const colorScheme of ['light', 'dark'] as const)
  inPage(`text on the boxes can be read, ${colorScheme}`, ONE, { colorScheme }, async ({ page }) => {
    await page.evaluate('document.querySelectorAll(".tile.others").forEach(one => one.remove())');
    assert.ok((await page.evaluate<number>(CONTRAST)) >= 4.5);
  });

inPage('two artifacts lie side by side, and growth is marked', TWO, {}, async ({ page }) => {
  assert.is(await page.locator('.map').count(), 2);
  const maps = page.locator('.map');
  assert.ok((await maps.nth(1).locator('.growth-new').count()) > 0);
  assert.is(await maps.nth(0).locator('.growth-new.closed').count(), 0, 'what is new was not there before');
  assert.match(await textOf(page.locator('#changes tbody tr').first()), /\+/);
  await pressName(maps.nth(1).locator('.tile.open').first());
  assert.is((await crumbs(page)).length, 2);
  assert.is(await page.locator('.figure .map').count(), 2, 'both zoomed');
  await page.locator('.which [data-value="0"]').click();
  assert.match(await textOf(page.locator('#findings')), 'Nothing was found');
  assert.ok((await countAll(page)) < 3500);
});

inPage('a narrow screen never scrolls sideways', TWO, { width: 380 }, async ({ page }) => {
  const widths = await page.evaluate<readonly number[]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  assert.is(widths[0], widths[1]);
});

const SECOND: PageSubject = makeSubject({ name: 'second', runtime: 'python3.13' });
inPage('of several functions one is chosen', { ...ONE, subjects: [LARGE, SECOND] }, {}, async ({ page }) => {
  await page.getByRole('combobox', { name: 'Function' }).selectOption({ label: 'second' });
  assert.is(await textOf(page.locator('h1')), 'second');
  assert.match(await textOf(page.locator('.summary')), 'python3.13');
  assert.is(await page.locator('.tile').count(), 2, 'the group and its file');
  assert.match(await textOf(page.locator('#findings')), 'Nothing was found');
});

inPage(
  'an artifact of nothing is a page as well',
  { ...ONE, subjects: [makeSubject({ files: [] })] },
  {},
  async ({ page }) => {
    assert.match(await textOf(page.locator('.map')), 'Nothing to show');
  },
);

test.run();
