import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BenchReport } from '../../src/cold-start/types.ts';
import { makeBenchPage } from '../../src/report/bench-html.ts';
import { plotBench } from '../../src/report/bench-plot.ts';
import { formatBench } from '../../src/report/format-bench.ts';
import { chooseStyle } from '../../src/report/style.ts';
import { makeReport, makeSeries, makeStart, makeSubject } from '../helpers/bench.ts';

const WIDE = chooseStyle({ columns: 100 }, {});
const [before, after] = [
  makeSubject('original', { kind: 'original', zippedBytes: null }),
  makeSubject('fn.zip'),
];
const inits = (...values: readonly number[]) => values.map(value => makeStart(value));
const FAILURE = { round: 2, invocation: 1, errorType: 'Runtime.ImportModuleError', errorMessage: 'no sharp' };

const BOTH = makeReport(
  [
    makeSeries(before, 'warm', inits(500, 510, 520, 530, 540)),
    makeSeries(after, 'warm', inits(495, 505, 525, 528, 600)),
    makeSeries(before, 'cold', inits(1500, 1510, 1520, 1530, 1540)),
    makeSeries(after, 'cold', inits(500, 510, 520, 530, 540)),
  ],
  { pageCache: { kind: 'dropped', what: 'all' } },
);

const FAILED = makeReport([
  makeSeries(before, 'warm', inits(500, 510, 520)),
  makeSeries(after, 'warm', inits(400, 410), [FAILURE]),
]);

const AWS = makeReport(
  [
    makeSeries(makeSubject('api', { kind: 'function', isolation: null }), null, inits(300, 310, 320)),
    makeSeries(makeSubject('api:live', { kind: 'function', isolation: null }), null, [
      makeStart(null),
      makeStart(null),
    ]),
  ],
  { where: 'aws' },
);

test('the table tells sizes, each state of the page cache, and the comparisons', () => {
  const text = formatBench(BOTH, WIDE);
  assert.match(text, /10 starts each, 3 warm invocations after each/);
  assert.match(text, /original +- +64 MiB\n +fn\.zip +26 MiB +64 MiB/);
  assert.match(
    text,
    /Files in the page cache, ms\n.*\n +original +520 \[500-540\] +40 +5\.0 \/ 6\.0 +120 MiB +0 B +3 MiB/,
  );
  assert.match(text, /Files read from the disk, ms\n.*\n +original +1520 /);
  assert.match(
    text,
    /fn\.zip against original +files in the page cache\n.*\n +init +1\.01x +inside the noise \(p = [01]\.\d+\)/,
  );
  assert.match(text, /files read from the disk\n.*\n +init +0\.34x +faster \(p = 0\.0079\)/);
  assert.match(text, /Node\.js 24\.0\.0 in a process, memory not limited, \/tmp a folder/);
  assert.match(text, 'whole page cache');
});

test('no line of the table is wider than a terminal, however long a name is', () => {
  const long = makeSubject('a/very/long/path/to/some/artifact/of/a/function/that/has/a/name.zip');
  const report = makeReport([
    makeSeries(long, 'warm', inits(1500, 1510)),
    makeSeries(after, 'warm', inits(1, 2)),
  ]);
  for (const line of formatBench(report, WIDE).split('\n'))
    if (!line.includes('against')) assert.ok(line.length <= 100, line);
});

test('a failure is said in the table and in words, and nothing is compared with it', () => {
  const text = formatBench(FAILED, WIDE);
  assert.match(text, /fn\.zip +2 of 3 /);
  assert.match(
    text,
    /Failed\n +fn\.zip, page cache warm: 1 of 3 starts failed, first in round 2, invocation 1:\s+Runtime\.ImportModuleError: no sharp/,
  );
  assert.not.match(text, 'against');
});

test('of an error of many lines the first one is told', () => {
  const failure = {
    ...FAILURE,
    errorMessage: "Cannot find module 'index'\nRequire stack:\n- /var/runtime/x",
  };
  const text = formatBench(makeReport([makeSeries(after, 'warm', [], [failure])]), WIDE);
  assert.match(text, "Cannot find module 'index'\n");
  assert.not.match(text, 'Require');
});

test('a function that never started has no figures at all', () => {
  const text = formatBench(makeReport([makeSeries(after, 'warm', [], [FAILURE])]), WIDE);
  assert.match(text, /fn\.zip +0 of 1 +- +- +- +- +- +-\n/);
  assert.not.match(plotBench([makeSeries(after, 'warm', [], [FAILURE])]), '<circle');
});

test('too few starts, a busy machine and files that live in memory are said', () => {
  const few = makeReport(
    [
      makeSeries(before, 'cold', [makeStart(5, { readBytes: 0 })]),
      makeSeries(after, 'cold', [makeStart(9, { readBytes: null })]),
    ],
    { host: { ...BOTH.host, load: 7.12 } },
  );
  const text = formatBench(few, WIDE);
  assert.match(text, 'too few starts to tell it from noise');
  assert.match(text, /busy \(load 7\.1 on 2 cores\)/);
  assert.match(text, /original: nothing was read from the disk/);
  assert.not.match(text, 'fn.zip: nothing was read');
});

test('a page cache that could not be dropped is said, with the reason', () => {
  const pageCache = { kind: 'not-permitted', reason: 'no root' } as const;
  assert.match(formatBench(makeReport(BOTH.series, { pageCache }), WIDE), 'Not measured from disk: no root.');
});

test('deployed functions have a round trip, and who met a warm or provisioned environment is said', () => {
  const text = formatBench(AWS, WIDE);
  assert.match(text, /api +310 \[300-320\] .* 370 +120 MiB\n/);
  assert.match(text, /api:live +- +40 .* 60 +120 MiB\n/);
  assert.match(text, /api:live: 0 of 2 starts had an init/);
  assert.match(text, 'With --force-cold');
  assert.not.match(text, '/tmp');
});

const DOT = /<circle class="c(\d)" cx="([\d.]+)"/g;

test('the plot has a dot for every start and every warm invocation, within its bounds', () => {
  const dots = [...plotBench(BOTH.series).matchAll(DOT)];
  assert.is(dots.length, 4 * 5 * (1 + 1 + 3));
  assert.ok(dots.every(([, , x]) => Number(x) >= 210 && Number(x) <= 680));
  assert.equal([...new Set(dots.map(([, color]) => color))], ['0', '1']);
});

test('the plot begins at zero, so that lengths can be compared', () => {
  const [, one, other] = [...plotBench([makeSeries(after, 'warm', inits(100, 200))]).matchAll(DOT)].map(
    ([, , x]) => Number(x) - 210,
  );
  const [first] = [...plotBench([makeSeries(after, 'warm', inits(100, 200))]).matchAll(DOT)];
  assert.ok(Math.abs((Number(first?.[2]) - 210) * 2 - (one as number)) < 0.1);
  assert.ok((other as number) > 0);
});

test('names and errors of a hostile artifact are harmless in the page', () => {
  const subject = makeSubject('<img src=x onerror=alert(1)>"&.zip');
  const failure = { ...FAILURE, errorMessage: '</p><script>alert(1)</script>\u001b[31m' };
  const report = makeReport([makeSeries(subject, 'warm', inits(1, 2), [failure])]);
  const page = makeBenchPage(report);
  assert.not.match(page, /<(?:img|script)/);
  assert.match(page, '&lt;img src=x onerror=alert(1)&gt;&quot;&amp;.zip');
  assert.not.match(page, '\u001b');
});

test('the page loads nothing and holds the tables, the plot and the notes', () => {
  const page = makeBenchPage(BOTH);
  assert.not.match(page, /<script|<link|src=|url\(|@import/);
  assert.match(page, "default-src 'none'");
  assert.match(page, /prefers-color-scheme: dark/);
  assert.match(page, '<td class="right">0.34x</td>');
  assert.is(page.match(/<svg /g)?.length, 1);
  const reports: readonly BenchReport[] = [FAILED, AWS];
  for (const report of reports) assert.match(makeBenchPage(report), '</html>');
});

test.run();
