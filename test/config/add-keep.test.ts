import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addToConfig, isEditable } from '../../src/config/add-keep.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { ConfigChange } from '../../src/findings.ts';
import { withProject } from '../helpers/project.ts';

const KEEP: ConfigChange = { setting: 'keep', add: ['a/b.js', 'a/\\[x\\].js'] };

/** Adds to a config file of this text; gives its text afterwards, and what was added. */
function add(
  text: string,
  changes: readonly ConfigChange[],
  name = 'lambda-slim.config.json',
  fn: string | null = null,
) {
  return withProject({ [name]: text }, async dir => {
    const path = join(dir, name);
    const made = await addToConfig({ path, function: fn }, changes);
    assert.equal(await readdir(dir), [name], 'nothing else is written');
    return { text: await readFile(path, 'utf8'), made };
  });
}

test('lines are added, and all else stays byte for byte', async () => {
  const before = '{\n  "entry":   "index.js",\n  "arch": "arm64"\n}\n';
  const { text, made } = await add(before, [KEEP]);
  assert.is(
    text,
    '{\n  "entry":   "index.js",\n  "arch": "arm64",\n  "keep": [\n    "a/b.js",\n    "a/\\\\[x\\\\].js"\n  ]\n}\n',
  );
  assert.equal(made, [KEEP]);
  assert.equal(parseConfig(JSON.parse(text), 'x').keep, ['a/b.js', 'a/\\[x\\].js']);
});

test('nothing is added twice, and a file that says it all is not written', async () => {
  const once = await add('{"entry":"x","keep":["a/b.js"]}', [KEEP]);
  assert.equal(JSON.parse(once.text).keep, ['a/b.js', 'a/\\[x\\].js']);
  assert.equal(once.made, [{ setting: 'keep', add: ['a/\\[x\\].js'] }]);
  const twice = await add(once.text, [KEEP, KEEP]);
  assert.is(twice.text, once.text);
  assert.equal(twice.made, []);
});

test('indentation, line ends and a missing last line end stay as they are', async () => {
  const tabs = await add('{\n\t"entry": "x",\n\t"keep": [\n\t\t"z"\n\t]\n}', [KEEP]);
  assert.is(
    tabs.text,
    '{\n\t"entry": "x",\n\t"keep": [\n\t\t"z",\n\t\t"a/b.js",\n\t\t"a/\\\\[x\\\\].js"\n\t]\n}',
  );
  const windows = await add('{\r\n    "entry": "x"\r\n}\r\n', [KEEP]);
  assert.not.match(windows.text, /[^\r]\n/);
  assert.match(windows.text, /\r\n {4}"keep": \[\r\n {8}"a/);
  const marked = await add('\uFEFF{\n  "entry": "x"\n}\n', [KEEP]);
  assert.ok(marked.text.startsWith('\uFEFF{\n  "entry": "x",\n  "keep"'), JSON.stringify(marked.text));
});

test('in package.json only the key "lambda-slim" is touched; of several functions the one that is meant', async () => {
  const before =
    '{\n  "name": "x",\n  "keep": 1,\n  "lambda-slim": {\n    "functions": {\n      "api": { "entry": "a.js" },\n      "job": { "entry": "b.js" }\n    }\n  }\n}\n';
  const { text } = await add(before, [KEEP], 'package.json', 'job');
  const config = JSON.parse(text);
  assert.equal(
    config['lambda-slim'].functions.job.keep,
    KEEP.setting === 'keep' && 'add' in KEEP ? KEEP.add : [],
  );
  assert.is(config['lambda-slim'].functions.api.keep, undefined);
  assert.is(config.keep, 1);
  assert.ok(text.startsWith(before.slice(0, before.indexOf('"job"'))));
});

test('settings of native libraries: lists, and switches on the way to them', async () => {
  const changes: readonly ConfigChange[] = [
    { setting: 'native.stripExcept', add: ['a.so'] },
    { setting: 'native.dedupe', set: false },
    { setting: 'native.compress.except', add: ['b.so'] },
  ];
  const { text } = await add('{ "entry": "x", "native": { "compress": true } }', changes);
  assert.equal(JSON.parse(text).native, {
    compress: { except: ['b.so'] },
    stripExcept: ['a.so'],
    dedupe: false,
  });
  assert.equal((await add(text, changes)).made, []);
  parseConfig(JSON.parse(text), 'x');
});

test('only JSON can be edited', () => {
  assert.ok(isEditable('/x/package.json') && isEditable('/x/lambda-slim.config.json'));
  for (const extension of ['ts', 'mts', 'js', 'mjs', 'cjs'])
    assert.not(isEditable(`lambda-slim.config.${extension}`));
  assert.not(isEditable('command line'));
});

test.run();
