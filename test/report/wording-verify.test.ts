import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { VerifyFinding } from '../../src/findings.ts';
import { formatVerified } from '../../src/report/format-verify.ts';
import { PLAIN_STYLE } from '../../src/report/style.ts';
import { wordFinding } from '../../src/report/wording.ts';
import { formatChange } from '../../src/report/wording-verify.ts';
import type { VerifyReport } from '../../src/types.ts';
import { FAKE_ISOLATION } from '../helpers/fake-function.ts';

const BLAME: VerifyFinding = {
  code: 'VERIFY_BLAME',
  level: 'error',
  rule: 'numpy/tests',
  why: 'tests do not run on Lambda',
  paths: ['numpy/_core/tests/_natype.py'],
  count: 1,
  isMinimal: true,
  mend: { setting: 'keep', add: ['numpy/_core/tests/_natype.py'] },
};

const words = (finding: VerifyFinding): string => Object.values(wordFinding(finding)).join('\n');

test('the top of an artifact of another tool has no name', () => {
  assert.match(words({ ...BLAME, rule: '.', why: '' }), /^The artifact lacks or has changed what it needs/);
});

test('blame names the rule, the files, and the line to add', () => {
  const text = words(BLAME);
  assert.match(
    text,
    'The rule numpy/tests is to blame (tests do not run on Lambda): putting back this file mends it',
  );
  assert.match(text, '"keep": ["numpy/_core/tests/_natype.py"]');
  assert.match(text, '--auto-keep');
  const many = words({ ...BLAME, count: 12, isMinimal: false });
  assert.match(many, 'these 12 files mend it');
  assert.match(many, 'and 11 more');
  assert.match(many, 'The search was ended');
  const foreign = words({ ...BLAME, rule: 'numpy', why: '' });
  assert.match(foreign, 'numpy lacks or has changed what it needs');
  assert.not.match(foreign, '--auto-keep');
  assert.match(words({ ...BLAME, mend: null }), 'exclude');
});

test('what was not run ends as a sentence, however its reason does', () => {
  const told = (reason: string) => wordFinding({ code: 'VERIFY_NOT_RUN', level: 'warning', reason }).message;
  assert.is(told('No Python 3.14 was found.'), 'Not all was verified: No Python 3.14 was found.');
  assert.is(told('no answer is recorded'), 'Not all was verified: no answer is recorded.');
});

test('changes read as the lines to write', () => {
  assert.is(formatChange({ setting: 'keep', add: ['a', 'b"c'] }), '"keep": ["a", "b\\"c"]');
  assert.is(formatChange({ setting: 'native.dedupe', set: false }), '"native": { "dedupe": false }');
  assert.is(
    formatChange({ setting: 'native.compress.except', add: ['x'] }),
    '"native": { "compress": { "except": ["x"] } }',
  );
});

test('differences are told with place and values, the first of many', () => {
  const differences = [
    { at: 'body.top.0.score', expected: '0.5', actual: '0.4' },
    { at: '', expected: '1', actual: '2' },
  ];
  const text = words({
    code: 'VERIFY_DIFFERS',
    level: 'error',
    event: 'dog',
    start: 'warm',
    differences,
    count: 7,
  });
  assert.match(text, 'the event dog');
  assert.match(text, 'warm start');
  assert.match(text, 'at 7 places');
  assert.match(text, 'body.top.0.score: expected 0.5, found 0.4; the answer: expected 1, found 2');
});

test('every other code says what happened and what to do', () => {
  const failed = { errorType: 'Error', message: 'gone' };
  const findings: readonly (readonly [VerifyFinding, RegExp])[] = [
    [
      { code: 'VERIFY_FAILED', level: 'error', event: null, ...failed },
      /before it sees an event.*Error: gone/s,
    ],
    [{ code: 'VERIFY_FAILED', level: 'error', event: 'dog', ...failed }, /on the event dog/],
    [
      {
        code: 'VERIFY_UNEXPLAINED',
        level: 'error',
        reason: 'event dog: nothing helped',
        hint: 'bundle: false',
      },
      /nothing helped.*bundle: false/s,
    ],
    [
      { code: 'VERIFY_ORIGINAL_FAILS', level: 'warning', event: 'dog', ...failed },
      /original function fails.*proves little/s,
    ],
    [{ code: 'VERIFY_NO_EVENTS', level: 'warning', natives: 3 }, /all 3 native files.*events\//s],
    [{ code: 'VERIFY_NO_EVENTS', level: 'warning', natives: 0 }, /its handler is found\./],
    [{ code: 'VERIFY_NOT_RUN', level: 'warning', reason: 'no Python 3.12' }, /no Python 3\.12/],
    [
      { code: 'VERIFY_NATIVE_MISSING', level: 'error', paths: ['/var/task/a.node'] },
      /1 native file .*a\.node.*"keep"/s,
    ],
    [
      { code: 'VERIFY_NATIVE_MISSING', level: 'warning', paths: ['a', 'b', 'c', 'd', 'e', 'f'] },
      /6 native files.*and 1 more.*All answers are the same/s,
    ],
    [
      { code: 'VERIFY_VOLATILE', level: 'info', event: 'dog', places: ['body.id'] },
      /this place was not compared: body\.id.*ignore/s,
    ],
    [
      { code: 'VERIFY_VOLATILE', level: 'warning', event: 'dog', places: [''] },
      /not compared: the whole answer\..*proves little/s,
    ],
  ];
  for (const [finding, pattern] of findings) {
    assert.match(words(finding), pattern);
    assert.not.match(words(finding), /undefined|\[object/);
    assert.not.match(wordFinding(finding).message, /\n/, 'a message is one paragraph');
  }
});

const REPORT: VerifyReport = {
  events: ['a', 'b'],
  natives: 21,
  same: false,
  isolation: FAKE_ISOLATION,
  original: { initMs: 300.4, coldMs: 50, warmMs: 1.234, maxMemoryBytes: 100 * 1024 * 1024 },
  slim: { initMs: 200, coldMs: 40, warmMs: 1, maxMemoryBytes: null },
  blameRuns: 13,
  ms: 4321,
};

test('the text says what was run, how close to Lambda, and the figures of both', () => {
  const text = formatVerified({ artifact: '/x/slim.zip', report: REPORT, findings: [BLAME] }, PLAIN_STYLE);
  assert.match(text, '/x/slim.zip  different');
  assert.match(text, '2 events, each in a fresh sandbox and once more, against the original');
  assert.match(text, '21 native files loaded by both');
  assert.match(text, "with Node.js 24.0.0, in a plain process, without Lambda's paths; 4.3 s, 13 runs");
  assert.match(text, /original +300 ms +50 ms +1\.2 ms +100 MiB/);
  assert.match(text, /slim +200 ms +40 ms +1\.0 ms/);
  assert.match(text, 'VERIFY_BLAME');
  const recorded = formatVerified(
    { artifact: 'x', report: { ...REPORT, same: true, original: null }, findings: [] },
    PLAIN_STYLE,
  );
  assert.match(recorded, 'x  same');
  assert.match(recorded, 'against recorded answers');
});

test.run();
