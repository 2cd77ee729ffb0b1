import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { VerifyFinding } from '../../src/findings.ts';
import { findSuspects } from '../../src/verify/suspects.ts';
import { type Verified, verify } from '../../src/verify/verify.ts';
import {
  eventOf,
  type FolderHandler,
  folderFunctions,
  OPTIONS,
  settingsOf,
} from '../helpers/folder-function.ts';
import { type Files, makeContext, withProject } from '../helpers/project.ts';

interface Case {
  readonly original: Files;
  readonly slim: Files;
  readonly handler: FolderHandler;
  readonly events?: readonly string[];
  readonly load?: (code: string) => readonly string[];
  readonly ignore?: readonly string[];
}

/** Verifies two folders that a handler in this process reads. */
function verifyCase({ original, slim, handler, events = ['a'], load, ignore = [] }: Case): Promise<Verified> {
  const files = Object.fromEntries([
    ...Object.entries(original).map(([path, text]) => [`original/${path}`, text]),
    ...Object.entries(slim).map(([path, text]) => [`slim/${path}`, text]),
    ['work/.keep', ''],
  ]);
  return withProject(files, async dir => {
    const [before, after, work] = ['original', 'slim', 'work'].map(name => join(dir, name)) as [
      string,
      string,
      string,
    ];
    const { open, codes, stopped } = folderFunctions(handler, load);
    const result = await verify(
      {
        original: settingsOf(before),
        slim: settingsOf(after),
        events: events.map(name => eventOf(name)),
        options: { ...OPTIONS, ignore },
        suspects: () => findSuspects(before, after, null),
        isolation: 'auto',
      },
      { ...makeContext(work), open },
    );
    assert.equal(await readdir(work), ['.keep'], 'nothing is left behind');
    assert.is(stopped(), codes.length, 'everything that was started is stopped');
    assert.equal(
      (await readdir(after)).sort(),
      [...new Set(Object.keys(slim).map(path => path.split('/')[0]))].sort(),
    );
    return result;
  });
}

const codesOf = (findings: readonly VerifyFinding[]): readonly string[] => findings.map(({ code }) => code);
const read = (code: string, path: string): string => readFileSync(join(code, path), 'utf8');
const blamed = (findings: readonly VerifyFinding[]) =>
  findings.flatMap(finding => (finding.code === 'VERIFY_BLAME' ? [finding] : []));

test('the same answers are the same, with the figures of both', async () => {
  const { report, findings } = await verifyCase({
    original: { 'a.txt': '1', 'b.txt': '2' },
    slim: { 'a.txt': '1' },
    handler: code => ({ a: read(code, 'a.txt') }),
    events: ['a', 'b'],
  });
  assert.equal(findings, []);
  assert.ok(report.same);
  assert.equal(report.events, ['a', 'b']);
  assert.equal(report.original, { initMs: 100, coldMs: 5, warmMs: 5, maxMemoryBytes: 50_000_000 });
  assert.is(report.blameRuns, 0);
});

test('a file that is missing is blamed, and only it', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`node_modules/p/d/${i}.txt`, `${i}`]),
  );
  const { report, findings } = await verifyCase({
    original: { 'index.js': '', ...files },
    slim: { 'index.js': '', 'node_modules/p/d/1.txt': '1' },
    handler: code => ({ text: read(code, 'node_modules/p/d/17.txt') }),
  });
  assert.equal(codesOf(findings), ['VERIFY_FAILED', 'VERIFY_BLAME']);
  assert.not(report.same);
  const [finding] = blamed(findings);
  assert.equal(finding?.paths, ['node_modules/p/d/17.txt']);
  assert.is(finding?.rule, 'node_modules/p');
  assert.equal(finding?.mend, { setting: 'keep', add: ['node_modules/p/d/17.txt'] });
  assert.ok(report.blameRuns <= 10, `${report.blameRuns} runs`);
});

test('independent faults of two packages are both named, one finding a rule', async () => {
  const { findings } = await verifyCase({
    original: {
      'node_modules/a/x': '1',
      'node_modules/a/y': '1',
      'node_modules/b/z': '1',
      'node_modules/c/z': '1',
    },
    slim: { 'index.js': '' },
    handler: (code, event: { name: string }) =>
      event.name === 'one'
        ? read(code, 'node_modules/a/x')
        : event.name === 'two'
          ? read(code, 'node_modules/b/z')
          : 1,
    events: ['one', 'two', 'three'],
  });
  assert.equal(
    blamed(findings).map(({ rule, paths }) => [rule, paths]),
    [
      ['node_modules/a', ['node_modules/a/x']],
      ['node_modules/b', ['node_modules/b/z']],
    ],
  );
});

test('a fault that hides another one: both are named', async () => {
  const { findings } = await verifyCase({
    original: { 'p/first': '1', 'p/second': '2', 'p/third': '3' },
    slim: { 'index.js': '' },
    handler: code => read(code, 'p/first') + read(code, 'p/second'),
  });
  assert.equal(blamed(findings)[0]?.paths, ['p/first', 'p/second']);
});

test('a changed file is put back; a wrong answer is told place by place', async () => {
  const { findings } = await verifyCase({
    original: { 'p/model': '0.5', 'p/other': 'x' },
    slim: { 'p/model': '0.4', 'p/other': 'y' },
    handler: code => ({
      statusCode: 200,
      body: JSON.stringify({ top: [{ score: Number(read(code, 'p/model')) }] }),
    }),
  });
  assert.equal(findings[0], {
    code: 'VERIFY_DIFFERS',
    level: 'error',
    event: 'a',
    start: 'cold',
    differences: [{ at: 'body.top.0.score', expected: '0.5', actual: '0.4' }],
    count: 1,
  });
  assert.equal(blamed(findings)[0]?.paths, ['p/model']);
});

test('a difference that only the warm start shows is found and blamed', async () => {
  const { findings } = await verifyCase({
    original: { 'p/lazy': '1', 'p/other': '1' },
    slim: { 'index.js': '' },
    handler: (code, _event, { cold }) => (cold ? 'first' : existsSync(join(code, 'p/lazy'))),
  });
  assert.ok(findings[0]?.code === 'VERIFY_DIFFERS' && findings[0].start === 'warm');
  assert.equal(blamed(findings)[0]?.paths, ['p/lazy']);
});

test('what differs from run to run of the original is no difference, and is told; nothing else is hidden', async () => {
  let count = 0;
  const volatile = (code: string) => ({
    id: `id-${++count}`,
    ...(code.endsWith('slim') ? {} : { other: `o-${count}` }),
    list: Array.from({ length: (count % 3) + 1 }, () => 1),
    fixed: code.endsWith('slim') ? 2 : 1,
  });
  const { findings } = await verifyCase({ original: { a: '' }, slim: { a: '' }, handler: volatile });
  const differs = findings.find(({ code }) => code === 'VERIFY_DIFFERS');
  assert.ok(differs?.code === 'VERIFY_DIFFERS');
  assert.equal(
    differs.differences.map(({ at }) => at).filter(at => !at.startsWith('list')),
    ['other', 'fixed'],
  );
  const told = findings.find(({ code }) => code === 'VERIFY_VOLATILE');
  assert.ok(told?.code === 'VERIFY_VOLATILE' && told.places.includes('id') && !told.places.includes('fixed'));
});

test('a clock and an id alone leave the answers the same; the cold and warm answer may differ', async () => {
  let count = 0;
  const { report, findings } = await verifyCase({
    original: { a: '' },
    slim: { a: '' },
    handler: (_code, _event, { cold }) => ({ cold, time: ++count, nested: [{ id: `x${count}` }] }),
  });
  assert.equal(codesOf(findings), ['VERIFY_VOLATILE']);
  assert.ok(report.same);
});

test('a time in a text hides nothing else of it, and is told by line and word', async () => {
  let count = 0;
  const page = (end: (code: string) => string) => (code: string) => ({
    statusCode: 200,
    body: `<p>${++count} ms</p>\n<b>${count} ${end(code)}</b>`,
  });
  const same = await verifyCase({ original: { a: '' }, slim: { a: '' }, handler: page(() => 'steady') });
  const places = ['body.lines.0.words.3', 'body.lines.1.words.3'];
  assert.equal(same.findings, [{ code: 'VERIFY_VOLATILE', level: 'info', event: 'a', places }]);
  const other = await verifyCase({
    original: { a: '' },
    slim: { a: '' },
    handler: page(code => (code.endsWith('slim') ? 'false' : 'true')),
  });
  const [differs] = other.findings;
  assert.equal(differs?.code === 'VERIFY_DIFFERS' && differs.differences, [
    { at: 'body.lines.1.words.5', expected: '"true"', actual: '"false"' },
  ]);
});

test('an answer that is another one each time proves little, and that is a warning', async () => {
  let count = 0;
  const { findings } = await verifyCase({
    original: { a: '' },
    slim: { a: '' },
    handler: () => `id-${++count}`,
  });
  assert.equal(findings, [{ code: 'VERIFY_VOLATILE', level: 'warning', event: 'a', places: [''] }]);
});

test('a key with a dot is another place than the key below a key', async () => {
  const { findings } = await verifyCase({
    original: { a: '' },
    slim: { a: '' },
    handler: code => ({ 'a.b': Math.random(), a: { b: code.endsWith('slim') ? 0.75 : 0.25 } }),
  });
  const differs = findings.find(({ code }) => code === 'VERIFY_DIFFERS');
  assert.equal(differs?.code === 'VERIFY_DIFFERS' && differs.differences.map(({ at }) => at), ['a.b']);
});

test('keys that are another id each time are no difference; a new word among them is one', async () => {
  let count = 0;
  const withKeys = (more: (code: string) => object) => (code: string) => ({
    [`id-${++count}`]: 1,
    ...more(code),
  });
  const same = await verifyCase({ original: { a: '' }, slim: { a: '' }, handler: withKeys(() => ({})) });
  assert.equal(codesOf(same.findings), ['VERIFY_VOLATILE']);
  const other = await verifyCase({
    original: { a: '' },
    slim: { a: '' },
    handler: withKeys(code => (code.endsWith('slim') ? { error: 1 } : {})),
  });
  const differs = other.findings.find(({ code }) => code === 'VERIFY_DIFFERS');
  assert.equal(differs?.code === 'VERIFY_DIFFERS' && differs.differences.map(({ at }) => at), ['error']);
});

test('places may be ignored by name', async () => {
  const { findings } = await verifyCase({
    original: { a: '1' },
    slim: { a: '2' },
    handler: code => ({ body: { a: read(code, 'a') } }),
    ignore: ['body.*'],
  });
  assert.equal(findings, []);
});

test('a failure of both is the same, and a warning; told once when every event fails so', async () => {
  const fail: FolderHandler = () => {
    throw new TypeError('no database');
  };
  const { report, findings } = await verifyCase({
    original: { a: '' },
    slim: { a: '' },
    handler: fail,
    events: ['a', 'b'],
  });
  assert.equal(findings, [
    {
      code: 'VERIFY_ORIGINAL_FAILS',
      level: 'warning',
      event: null,
      errorType: 'TypeError',
      message: 'no database',
    },
  ]);
  assert.ok(report.same);
  const one = await verifyCase({
    original: { a: '' },
    slim: { a: '' },
    handler: (_code, event: { name: string }) => {
      if (event.name === 'bad') throw new RangeError('bad input');
      return 1;
    },
    events: ['bad', 'good'],
  });
  assert.equal(
    one.findings.map(finding => 'event' in finding && finding.event),
    ['bad'],
  );
});

test('what putting everything back does not mend is not blamed on a file', async () => {
  const { findings } = await verifyCase({
    original: { 'p/a': '1', 'p/b': '1' },
    slim: { 'index.js': '' },
    handler: code => {
      if (!code.endsWith('original')) throw new Error("ENOENT: open '/var/task/data.bin'");
      return 1;
    },
  });
  assert.equal(codesOf(findings), ['VERIFY_FAILED', 'VERIFY_UNEXPLAINED']);
});

test('a function that fails now and then is not blamed on a file', async () => {
  let calls = 0;
  const { findings, report } = await verifyCase({
    original: { 'p/a': '1', 'p/b': '1' },
    slim: { 'index.js': '' },
    handler: code => {
      if (code.endsWith('slim') && ++calls === 1) throw new Error('busy');
      return 1;
    },
  });
  assert.equal(codesOf(findings), ['VERIFY_FAILED', 'VERIFY_UNEXPLAINED']);
  assert.is(report.blameRuns, 1);
});

test('one event is mended by files, another is not: both are told', async () => {
  const { findings } = await verifyCase({
    original: { 'p/a': '1', 'p/b': '1' },
    slim: { 'index.js': '' },
    handler: (code, event: { name: string }) =>
      event.name === 'file' ? read(code, 'p/b') : code.endsWith('original'),
    events: ['file', 'code'],
  });
  assert.equal(codesOf(findings), ['VERIFY_FAILED', 'VERIFY_DIFFERS', 'VERIFY_BLAME', 'VERIFY_UNEXPLAINED']);
  assert.equal(blamed(findings)[0]?.paths, ['p/b']);
});

test('native files that only the original loads are a warning with events, and an error, with blame, without', async () => {
  const load = (code: string): readonly string[] =>
    existsSync(join(code, 'p/fast.node'))
      ? ['/var/task/p/fast.node', '/usr/lib64/libc.so.6']
      : ['/usr/lib64/libc.so.6'];
  const files = {
    original: { 'p/fast.node': '1', 'p/x': '' },
    slim: { 'index.js': '' },
    handler: () => 1,
    load,
  };
  const withEvent = await verifyCase(files);
  assert.equal(withEvent.findings, [
    { code: 'VERIFY_NATIVE_MISSING', level: 'warning', paths: ['/var/task/p/fast.node'] },
  ]);
  const without = await verifyCase({ ...files, events: [] });
  assert.equal(codesOf(without.findings), ['VERIFY_NO_EVENTS', 'VERIFY_NATIVE_MISSING', 'VERIFY_BLAME']);
  assert.equal(blamed(without.findings)[0]?.paths, ['p/fast.node']);
  assert.not(without.report.same);
});

test('without events, both are started and that is said', async () => {
  const { report, findings } = await verifyCase({
    original: { 'p/a.node': '1' },
    slim: { 'p/a.node': '1' },
    handler: () => 1,
    load: () => ['/var/task/p/a.node'],
    events: [],
  });
  assert.equal(findings, [{ code: 'VERIFY_NO_EVENTS', level: 'warning', natives: 1 }]);
  assert.is(report.natives, 1);
  assert.ok(report.same);
});

test.run();
