import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findCopies, findDuplicates } from '../../../src/report/html/find-copies.ts';
import { makePage, toScriptJson } from '../../../src/report/html/make-page.ts';
import { parseBench } from '../../../src/report/html/parse-bench.ts';
import { readPageAssets } from '../../../src/report/html/read-assets.ts';
import { makeSubject } from '../../helpers/page.ts';

const EVIL = '</script><script>alert(1)</script><!--\u2028&\'"';

test('data in the page ends no script and comes back as it was', () => {
  const json = toScriptJson({ path: EVIL });
  assert.not.match(json, /[<>&\u2028]/);
  assert.is(JSON.parse(json).path, EVIL);
});

test('the page is one file that loads nothing and runs its own script only', async () => {
  const assets = await readPageAssets();
  const subject = makeSubject({ name: EVIL, files: [[EVIL, 1, 1, 0, 0]] });
  const page = makePage({ mode: 'functions', tool: 'lambda-slim 1', subjects: [subject] }, assets);
  assert.is(page.match(/<script/g)?.length, 2, 'the data and the script');
  assert.not.match(page, /\b(?:src|href)\s*=\s*["']?(?:https?:)?\/\//);
  assert.not.match(assets.style, /url\(|@import/);
  const hash = createHash('sha256').update(assets.script).digest('base64');
  assert.ok(page.includes(`script-src 'sha256-${hash}'`));
  assert.ok(page.includes("default-src 'none'"));
  assert.is(page, makePage({ mode: 'functions', tool: 'lambda-slim 1', subjects: [subject] }, assets));
});

test('the licence of what lays out the map is in the page', async () => {
  const { script } = await readPageAssets();
  assert.match(script, /Mike Bostock/);
  assert.match(script, /Permission to use, copy, modify/);
});

test('equal files are told by what their copies cost', () => {
  const file = (path: string, bytes: number, digest: string | null) => ({ path, bytes, digest });
  const found = findDuplicates([
    ...[file('b/a.so', 1000, 'x'), file('a/a.so', 1000, 'x'), file('one', 1000, 'y')],
    ...[file('s1', 400, 'z'), file('s2', 400, 'z'), file('s3', 400, 'z'), file('s4', 400, 'z')],
    ...[file('empty1', 0, 'e'), file('empty2', 0, 'e'), file('n1', 999, null), file('n2', 999, null)],
  ]);
  assert.equal(found, [
    { bytes: 400, paths: ['s1', 's2', 's3', 's4'] },
    { bytes: 1000, paths: ['a/a.so', 'b/a.so'] },
  ]);
});

test('a package at two places is told, one inside a bundle is not', () => {
  const npm = { ecosystem: 'npm', version: '1.0.0', isBundled: false, files: 2 };
  const found = findCopies([
    { ...npm, name: 'tslib', dir: 'node_modules/tslib', bytes: 5 },
    { ...npm, name: 'tslib', dir: 'node_modules/a/node_modules/tslib', bytes: 9 },
    { ...npm, name: 'tslib', dir: 'index.mjs', bytes: 9, isBundled: true },
    { ...npm, name: 'a', dir: 'node_modules/a', bytes: 5 },
  ]);
  assert.equal(
    found.map(({ package: name, places }) => [name, ...places.map(({ dir }) => dir)]),
    [['tslib', 'node_modules/a/node_modules/tslib', 'node_modules/tslib']],
  );
});

test('what bench printed becomes starts, anything else null', () => {
  const start = { initMs: 100, firstMs: 120, warmMs: [1, 2], maxMemoryBytes: null };
  const series = [{ subject: { name: 'a.zip', kind: 'artifact' }, cache: 'cold', starts: [start, start] }];
  assert.equal(parseBench(JSON.stringify({ schemaVersion: 1, series })), [
    { name: 'a.zip (from disk)', init: [100, 100], first: [120, 120], warm: [1, 2, 1, 2] },
  ]);
  for (const text of ['', '{}', '[]', '{"series":[{}]}', '{"series":[{"starts":[{"firstMs":"1"}]}]}'])
    assert.is(parseBench(text), null, text);
});

test.run();
