import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NamedEvent, Tree } from '../../src/types.ts';
import * as run from '../helpers/exact-run.ts';
import { BROUGHT, ENTRY, file, link, TRACED, treeOf } from '../helpers/exact-tree.ts';
import { rejects } from '../helpers/rejects.ts';
import { withUmask } from '../helpers/umask.ts';

const { eventsOf } = run;

/** The closest that every host can do; test/live runs the others. */
const ISOLATION = 'none';

const SETTINGS = run.settingsOf(run.NODE_RUNTIME);

const runExact = (tree: Tree, events: readonly NamedEvent[], settings = SETTINGS) =>
  run.runExact(tree, settings, events, { isolation: ISOLATION });

const answersOf = (tree: Tree, events: readonly NamedEvent[], settings = SETTINGS) =>
  run.answersOf(tree, settings, events, ISOLATION);

/** Loads a package by a name that no trace can know, which does as the event says. */
const HANDLER = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
export const handler = async event =>
  require('./node_modules/' + ['pkg'])(event.ways);
`;

const PACKAGE = `
const fs = require('node:fs');
const path = require('node:path');
const cp = require('node:child_process');
const { Worker } = require('node:worker_threads');
const here = name => path.join(__dirname, name);
const ways = {
  data: () => fs.readFileSync(here('data.txt'), 'utf8'),
  stream: async () => { let text = ''; for await (const part of fs.createReadStream(here('stream.txt'))) text += part; return text; },
  handle: async () => { const file = await fs.promises.open(here('handle.txt')); try { return await file.readFile('utf8'); } finally { await file.close(); } },
  module: async () => (await import('./module.mjs')).default,
  json: () => require('./table.json').value,
  seen: () => [fs.existsSync(here('seen.bin')), fs.statSync(here('seen.sh')).mode & 0o777],
  listed: () => fs.readdirSync(here('locales')).sort(),
  worker: () => new Promise((resolve, reject) => new Worker(here('worker.js')).on('message', resolve).on('error', reject)),
  child: () => cp.execFileSync(process.execPath, [here('child.js')], { encoding: 'utf8' }),
  shell: () => cp.execSync('cat node_modules/pkg/sh?ll.txt', { encoding: 'utf8' }),
  linked: () => require('./linked.js'),
  fails: () => fs.readFileSync(here('error.txt'), 'utf8'),
    throws: () => { throw new RangeError('no'); },
};
module.exports = async names => { const found = []; for (const name of names) found.push(await ways[name]()); return found; };
`;

const pkg = (path: string, content: string) => file(`node_modules/pkg/${path}`, content);
const TREE = treeOf(
  [
    file('index.mjs', HANDLER, ENTRY),
    file('node_modules/traced/index.js', 'module.exports = 1', TRACED),
    pkg('package.json', '{"main":"index.js"}'),
    pkg('index.js', PACKAGE),
    pkg('README', 'Read me'),
    pkg('data.txt', 'data'),
    pkg('stream.txt', 'stream'),
    pkg('handle.txt', 'handle'),
    pkg('module.mjs', 'export { default } from "./inner.mjs";'),
    pkg('inner.mjs', 'export default "inner";'),
    pkg('table.json', '{"value":7}'),
    pkg('seen.bin', 'never read\0'),
    pkg('seen.sh', 'never run'),
    pkg('locales/de.js', 'module.exports = "de"'),
    pkg('locales/flag.png', 'a picture\0'),
    pkg('worker.js', 'require("node:worker_threads").parentPort.postMessage(require("./worker-part.js"))'),
    pkg('worker-part.js', 'module.exports = "worker"'),
    pkg('child.js', 'process.stdout.write(require("./child-part.js"))'),
    pkg('child-part.js', 'module.exports = "child"'),
    pkg('shell.txt', 'shell'),
    link('node_modules/pkg/linked.js', 'real/linked.js', BROUGHT),
    pkg('real/linked.js', 'module.exports = "linked"'),
    pkg('error.txt', 'on the error path'),
  ],
  [{ ecosystem: 'npm', name: 'pkg', version: '1.0.0', dir: 'node_modules/pkg', owns: null }],
);

/** A second event reads what the first one does not. */
const EVENTS = eventsOf(
  { ways: ['data', 'stream', 'handle', 'module', 'json', 'seen', 'listed', 'worker'] },
  { ways: ['child', 'linked'] },
);

test('what a function reads on its events stays, by whatever way, and it answers as before', async () => {
  const { tree, rest, report } = await runExact(TREE, EVENTS);
  const before = await answersOf(TREE, EVENTS);
  assert.equal(before[1], ['child', 'linked']);
  assert.equal(await answersOf(tree, EVENTS), before);
  const gone = tree.removals.map(({ path }) => path);
  assert.equal(
    gone,
    ['README', 'error.txt', 'shell.txt'].map(name => `node_modules/pkg/${name}`),
  );
  const emptied = tree.entries.filter(entry => entry.kind === 'file' && entry.bytes === 0);
  assert.equal(
    emptied.map(({ path }): string => path),
    ['locales/flag.png', 'seen.bin'].map(name => `node_modules/pkg/${name}`),
  );
  assert.equal(
    rest.map(({ path }): string => path).sort(),
    [...gone, ...emptied.map(({ path }) => path)].sort(),
  );
  assert.is(
    report.savedBytes,
    rest.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0),
  );
  assert.ok(report.savedByTraceBytes > report.savedBytes && report.savedByRunBytes > report.savedBytes);
});

test('what only the system saw being read stays too', async () => {
  const { tree, findings } = await runExact(TREE, eventsOf({ ways: ['shell'] }));
  if (findings.some(({ code }) => code === 'EXACT_READS_UNSEEN')) return;
  assert.ok(tree.entries.some(({ path }) => path === 'node_modules/pkg/shell.txt'));
  assert.not.ok(tree.entries.some(({ path }) => path === 'node_modules/pkg/data.txt'));
});

test('a path that no event takes is gone, which is what exact means', async () => {
  const { tree } = await runExact(TREE, eventsOf({ ways: ['data'] }));
  const [data, fails] = await answersOf(tree, eventsOf({ ways: ['data'] }, { ways: ['fails'] }));
  assert.equal([data, fails], [['data'], 'Error']);
});

test('it needs events, and ones that the function can answer', async () => {
  await rejects(runExact(TREE, []), 'EXACT_NEEDS_EVENTS');
  const error = await rejects(
    runExact(TREE, eventsOf({ ways: ['data'] }, { ways: ['throws'] })),
    'EXACT_RUN_FAILED',
  );
  assert.match(error.message, /event-2.*RangeError.*no/s);
});

test("the function's own NODE_OPTIONS stay in force, and an answer that tells of a failure is told of", async () => {
  const settings = { ...SETTINGS, environment: { NODE_OPTIONS: '--stack-trace-limit=3' } };
  const handler = 'export const handler = async () => ({ statusCode: 500 + Error.stackTraceLimit });';
  const { findings } = await runExact(treeOf([file('index.mjs', handler, ENTRY)]), eventsOf({}), settings);
  assert.equal(findings, [
    { code: 'EXACT_ANSWER_FAILED', level: 'warning', event: 'event-1', statusCode: 503 },
  ]);
});

test('a umask that leaves nothing to others keeps the user of the sandbox from nothing', async () => {
  const request = { isolation: 'auto' } as const;
  const { tree } = await withUmask(0o077, () =>
    run.runExact(TREE, SETTINGS, eventsOf({ ways: ['data'] }), request),
  );
  assert.ok(tree.entries.some(({ path }) => path === 'node_modules/pkg/data.txt'));
});

test.run();
