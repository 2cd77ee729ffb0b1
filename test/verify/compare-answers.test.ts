import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../../src/lambda/types.ts';
import { compareAnswers, isBelow } from '../../src/verify/compare-answers.ts';

const OPTIONS = { tolerance: 1e-6, headers: ['content-type'], ignore: [] };

const answer = (value: unknown): Outcome => ({
  kind: 'answer',
  body: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  contentType: 'application/json',
});
const failure = (errorType: string, errorMessage: string): Outcome => ({
  kind: 'error',
  error: { errorType, errorMessage },
});
const stream = (prelude: unknown, body: string, error: string | null = null): Outcome => ({
  kind: 'stream',
  body: Buffer.concat([Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8), Buffer.from(body)]),
  contentType: 'application/vnd.awslambda.http-integration-response',
  error: error === null ? null : { errorType: 'Error', errorMessage: error },
});

function places(expected: Outcome, actual: Outcome, options: Partial<typeof OPTIONS> = {}) {
  return compareAnswers(expected, actual, { ...OPTIONS, ...options }).map(({ at }) => at);
}

test('an answer for HTTP: the body is compared as JSON where both are', () => {
  const http = (body: string, more = {}) => answer({ statusCode: 200, body, ...more });
  assert.equal(places(http('{"a":1,"b":2}'), http('{ "b": 2.0, "a": 1 }')), []);
  assert.equal(places(http('{"top":[{"score":1}]}'), http('{"top":[{"score":2}]}')), ['body.top.0.score']);
  assert.equal(places(http('{"a":1}'), http('<html>')), ['body']);
  assert.equal(places(http('a'), http('b')), ['body']);
  assert.equal(places(http(''), answer({ statusCode: 200 })), []);
  assert.equal(places(http('a'), answer({ statusCode: 404, body: 'a' })), ['statusCode']);
  assert.equal(places(http('{"a":1}'), answer({ a: 1 })), ['']);
});

test('what stands beside statusCode and is no part of HTTP is compared as well', () => {
  const direct = (more: object) => answer({ statusCode: 200, ...more });
  assert.equal(places(direct({ body: { data: 'a' } }), direct({ body: { data: 'b' } })), ['body.data']);
  assert.equal(places(direct({ body: { n: 0.5 } }), direct({ body: { n: 0.5000000001 } })), []);
  assert.equal(places(direct({ result: 'a' }), direct({ result: 'b' })), ['result']);
  assert.equal(places(direct({ body: 'a' }), direct({ body: { a: 1 } })), ['body', 'body']);
  assert.equal(places(direct({ body: null }), direct({})), []);
});

test('headers count by choice, whatever the case of their names; cookies only when asked for', () => {
  const http = (more: object) => answer({ statusCode: 200, body: '', ...more });
  const json = http({ headers: { 'Content-Type': 'application/json', Date: '1' } });
  assert.equal(places(json, http({ headers: { 'content-type': 'application/json', Date: '2' } })), []);
  assert.equal(places(json, http({ multiValueHeaders: { 'CONTENT-TYPE': ['application/json'] } })), []);
  assert.equal(places(json, http({ headers: { 'content-type': 'text/html' } })), ['headers.content-type']);
  assert.equal(places(json, http({})), ['headers.content-type']);
  assert.equal(places(json, http({ headers: { date: '2' } }), { headers: ['date'] }), ['headers.date']);
  const cookies = http({ cookies: ['a=1'] });
  assert.equal(places(cookies, http({ cookies: ['a=2'] })), []);
  assert.equal(places(cookies, http({ cookies: ['a=2'] }), { headers: ['set-cookie'] }), ['cookies.0']);
});

test('binary bodies are compared byte by byte', () => {
  const image = (bytes: readonly number[]) =>
    answer({ statusCode: 200, isBase64Encoded: true, body: Buffer.from(bytes).toString('base64') });
  assert.equal(places(image([255, 216, 1]), image([255, 216, 1])), []);
  assert.equal(places(image([255, 216, 1]), image([255, 216, 2])), ['body']);
  assert.equal(places(image([97]), answer({ statusCode: 200, body: 'a' })), ['isBase64Encoded']);
});

test('streams: prelude, body, and where they break off', () => {
  assert.equal(places(stream({ statusCode: 200 }, '{"a":1}'), stream({}, '{"a": 1.0}')), []);
  assert.equal(places(stream({ statusCode: 200 }, 'a'), stream({ statusCode: 500 }, 'a')), ['statusCode']);
  assert.equal(places(stream({}, 'a'), stream({}, 'a', 'broke')), ['errorType', 'errorMessage']);
  const plain = (text: string, contentType = 'text/plain'): Outcome => ({
    kind: 'stream',
    body: Buffer.from(text),
    contentType,
    error: null,
  });
  assert.equal(places(plain('a'), plain('a')), []);
  assert.equal(places(plain('a'), plain('b', 'text/html')), ['contentType', '']);
});

test('errors are the same when type and message are', () => {
  const id = (digit: string) =>
    `RequestId: ${'0'.repeat(8)}-0000-0000-0000-00000000000${digit} Error: too long`;
  assert.equal(places(failure('A', 'x'), failure('A', 'x')), []);
  assert.equal(places(failure('A', id('1')), failure('A', id('2'))), []);
  assert.equal(places(failure('A', 'x'), failure('B', 'y')), ['errorType', 'errorMessage']);
  assert.equal(places(answer(1), failure('B', 'y')), ['']);
  assert.equal(places(failure('B', 'y'), answer(1)), ['']);
});

test('places may be ignored, with everything below them', () => {
  const [a, b] = [
    answer({
      items: [
        { id: 1, time: 1 },
        { id: 2, time: 2 },
      ],
      meta: { x: { y: 1 } },
    }),
    answer({
      items: [
        { id: 1, time: 3 },
        { id: 2, time: 4 },
      ],
      meta: { x: { y: 2 } },
    }),
  ];
  assert.equal(places(a, b, { ignore: ['items.*.time', 'meta'] as never[] }), []);
  assert.equal(places(a, b, { ignore: ['items.0.time', 'met'] as never[] }), ['items.1.time', 'meta.x.y']);
  assert.ok(isBelow('a.b.c', 'a.*'));
  assert.not(isBelow('a\\.b', 'a.b'));
  assert.ok(isBelow('a\\.b.c', 'a\\.b'));
  assert.ok(isBelow('a\\.b', '*'));
  assert.not(isBelow('a', 'a.*'));
  assert.not(isBelow('', '*.a'));
});

test('a direct answer that is no JSON is bytes', () => {
  assert.equal(places(answer('plain'), answer('plain')), []);
  assert.equal(places(answer('plain'), answer('other')), ['']);
  assert.equal(places(answer('plain'), answer({ a: 1 })), ['']);
});

test.run();
