import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../../src/findings.ts';
import type { Growth } from '../../../src/inventory/types.ts';
import { toGithub } from '../../../src/report/ci/github.ts';
import type { Judged } from '../../../src/report/ci/judged.ts';
import { toJunit } from '../../../src/report/ci/junit.ts';
import { MARKER, toMarkdown } from '../../../src/report/ci/markdown.ts';
import { toSarif } from '../../../src/report/ci/sarif.ts';
import { ONE_OF_EACH } from '../../helpers/results.ts';

const HOSTILE = 'a%\n::error::x <img src=x onerror=alert(1)> @someone #12 `b` ]]> \u0007\ud800|[l](http://x)';

function judged(findings: readonly Finding[], more: Partial<Judged> = {}): Judged {
  const sizes = { zippedBytes: 1_000_000, unzippedBytes: 3_000_000, growth: null };
  const platform = { runtime: 'nodejs24.x', arch: 'x64' };
  return { name: 'api', path: '/work/out/api.zip', ...platform, ...sizes, findings, ...more };
}

const secret = (path: string): Finding => ({ code: 'SECRET_FILE', level: 'warning', path, what: 'a key' });
const ALL = Object.values(ONE_OF_EACH);
const OPTIONS = { version: '1.2.3', cwd: '/work' };

test('github: one command a line, errors first, and nothing in it becomes another command', () => {
  const text = toGithub([judged([secret(HOSTILE), ONE_OF_EACH.LIMIT_UNZIPPED], { name: 'a:b,c' })]);
  const lines = text.trimEnd().split('\n');
  assert.is(lines.length, 3);
  assert.match(lines[0] ?? '', /^::error title=LIMIT_UNZIPPED \(a%3Ab%2Cc\)::Unzipped size is/);
  assert.match(lines[1] ?? '', /^::warning title=SECRET_FILE .*::a%25%0A::error::x <img/);
  assert.is(lines[2], 'lambda-slim: 1 error, 1 warning; 1 MiB zipped, 2.9 MiB unzipped');
  assert.not(text.includes('\u0007'));
});

test('github: marks that turn the direction of text are written out, in titles as well', () => {
  const [line = ''] = toGithub([judged([secret('a\u202Egnp.js')], { name: 'b\u2066c' })]).split('\n');
  assert.not.match(line, /[\u202E\u2066]/);
  assert.match(line, 'a\\u{202e}gnp.js');
});

test('markdown: nothing of a path is mark-up, a mention or a reference', () => {
  const text = toMarkdown([judged([secret(HOSTILE)])]);
  assert.ok(text.startsWith(MARKER));
  assert.not.match(text, /<img|@someone|[^&]#12|\]\(http|\n::error/);
  assert.match(text, '&lt;img');
  assert.match(text, '<code>b</code>');
});

test('markdown: under 65,000 characters whatever there is, the errors stay and a word tells of the cut', () => {
  const many = Array.from({ length: 3000 }, (_, i) => secret(`some/folder/${i}.pem`));
  const text = toMarkdown([judged([...many, ONE_OF_EACH.LIMIT_UNZIPPED])]);
  assert.ok(text.length < 65_000 && text.length > 60_000, `${text.length}`);
  assert.match(text, 'LIMIT_UNZIPPED'.replace('_', '&#95;'));
  assert.match(text, /Cut here: [\d,]+ more items did not fit/);
  const paths = Array.from({ length: 50_000 }, (_, i) => `node_modules/<a>/${i}`);
  const one = toMarkdown([judged([{ code: 'VERIFY_NATIVE_MISSING', level: 'error', paths }])]);
  assert.ok(one.length < 10_000, `${one.length}`);
  assert.not.match(one, /&[^;\s]{0,8}…|&$/);
  const functions = Array.from({ length: 2000 }, (_, i) => judged([], { name: `function-${i}` }));
  assert.ok(toMarkdown(functions).length < 65_000);
});

test('markdown: growth is a table, the sizes in bytes where they read alike', () => {
  const item = {
    change: 'updated',
    name: '@img/sharp',
    isPackage: true,
    from: '1.0.0',
    to: '1.1.0',
  } as const;
  const growth: Growth = {
    ...{ beforeZippedBytes: 1_000_000, beforeUnzippedBytes: 3_000_000 },
    ...{ zippedBytes: 1_000_001, unzippedBytes: 3_000_009 },
    items: [{ ...item, beforeBytes: 0, bytes: 9, broughtBy: ['b'] }],
  };
  const text = toMarkdown([judged([], { growth })]);
  assert.match(text, '3,000,000 B → 3,000,009 B (+9 B)');
  assert.match(text, '| 1.0.0 → 1.1.0, brought by b | +9 B |');
  assert.not.match(text, '@img');
});

test('sarif: what the schema of 2.1.0 and code scanning ask for is there, for every finding', () => {
  const log = JSON.parse(toSarif([judged(ALL), judged([secret(HOSTILE)], { name: 'b' })], OPTIONS));
  assert.equal([log.version, typeof log.$schema, log.runs.length], ['2.1.0', 'string', 1]);
  const [{ tool, results }] = log.runs;
  const { rules } = tool.driver;
  assert.equal([tool.driver.name, tool.driver.semanticVersion], ['lambda-slim', '1.2.3']);
  assert.is(new Set(rules.map(({ id }: { id: string }) => id)).size, rules.length);
  assert.is(rules.length, ALL.length);
  for (const rule of rules) {
    assert.ok(rule.shortDescription.text && rule.fullDescription.text && rule.help.text, rule.id);
    assert.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration.level), rule.id);
  }
  assert.is(results.length, ALL.length + 1);
  for (const result of results) {
    assert.is(rules[result.ruleIndex].id, result.ruleId);
    assert.ok(['error', 'warning', 'note'].includes(result.level));
    assert.ok(result.message.text.length > 20);
    const [{ physicalLocation }] = result.locations;
    assert.is(physicalLocation.artifactLocation.uri, 'out/api.zip');
    assert.ok(physicalLocation.region.startLine >= 1);
  }
  const prints = results.map((r: { partialFingerprints: object }) => Object.values(r.partialFingerprints)[0]);
  assert.is(new Set(prints).size, results.length);
});

test('sarif: the fingerprint does not hang on sizes, and paths outside the checkout are whole URLs', () => {
  const print = (bytes: number): string =>
    JSON.parse(toSarif([judged([{ ...ONE_OF_EACH.LIMIT_ZIPPED, bytes }])], OPTIONS)).runs[0].results[0]
      .partialFingerprints['lambdaSlim/v1'];
  assert.is(print(1e9), print(2e9));
  const place = (path: string): string =>
    JSON.parse(toSarif([judged([secret('x')], { path })], OPTIONS)).runs[0].results[0].locations[0]
      .physicalLocation.artifactLocation.uri;
  assert.is(place('/work/o u#t/a.zip'), 'o%20u%23t/a.zip');
  assert.is(place('/else/a.zip'), 'file:///else/a.zip');
});

test('junit: errors fail, the others pass with their words, names are unique, and it is XML whatever the path', () => {
  const error = ONE_OF_EACH.LIMIT_UNZIPPED;
  const text = toJunit([
    judged([secret(HOSTILE), secret('b.pem'), secret('b.pem'), error]),
    judged([], { name: 'fine' }),
  ]);
  assert.match(text, '<testsuites tests="5" failures="1" errors="0" skipped="0">');
  const names = [...text.matchAll(/<testcase [^>]*name="([^"]*)"/g)].map(([, name]) => name);
  assert.is(new Set(names).size, names.length);
  assert.match(text, 'name="SECRET_FILE b.pem (2)"');
  assert.match(text, /<failure message="Unzipped size[^"]*" type="LIMIT_UNZIPPED">/);
  assert.not.match(text, /[\ud800-\udfff]/u);
  assert.not(text.includes('\u0007'));
  const content = text.replace(/(?:name|message)="[^"]*"/g, '');
  assert.is(content.split('<![CDATA[').length, content.split(']]>').length, 'every section ends once');
});

test('each format knows every finding', () => {
  for (const finding of ALL) {
    const one = [judged([finding])];
    for (const text of [toGithub(one), toMarkdown(one), toSarif(one, OPTIONS), toJunit(one)])
      assert.not.match(text, /undefined|\[object|NaN/, finding.code);
  }
});

test.run();
