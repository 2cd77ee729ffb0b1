import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toReply } from '../../src/gateway/to-reply.ts';
import type { Api, Header, Reply } from '../../src/gateway/types.ts';
import type { Outcome } from '../../src/lambda/types.ts';
import { makeRequest, makeSettings } from './requests.ts';

const answer = (value: unknown): Outcome => ({
  kind: 'answer',
  body: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  contentType: 'application/json',
});

function reply(
  api: Api,
  value: unknown,
  accept = '*/*',
  binaryMediaTypes: readonly string[] = ['*/*'],
): Reply {
  const request = makeRequest({ headers: [['Accept', accept]] });
  return toReply(answer(value), request, makeSettings({ api, binaryMediaTypes }));
}

const shown = ({ status, headers, body }: Reply): readonly unknown[] => [
  status,
  headers,
  Buffer.from(body).toString(),
];
const JSON_TYPE: readonly Header[] = [['content-type', 'application/json']];
const FAILED: Readonly<Record<Api, readonly unknown[]>> = {
  http: [500, JSON_TYPE, '{"message":"Internal Server Error"}'],
  rest: [502, JSON_TYPE, '{"message": "Internal server error"}'],
  url: [502, [['content-type', 'text/plain']], 'Internal Server Error'],
};

const INFERRED: readonly (readonly [json: string, body: string])[] = [
  ['{"hello": "world"}', '{"hello":"world"}'],
  ['["hello", 3, true]', '["hello",3,true]'],
  ['"hello"', 'hello'],
  ['3', '3'],
  ['3.1', '3.1'],
  ['true', 'true'],
  ['null', 'null'],
  ['{"a": "b : \\" , c", "big": 12345678901234567890}', '{"a":"b : \\" , c","big":12345678901234567890}'],
  ['{"body":"x"}', '{"body":"x"}'],
];
for (const [json, body] of INFERRED) {
  test(`without statusCode ${json} is the body, as recorded`, () => {
    for (const api of ['http', 'url'] as const) assert.equal(shown(reply(api, json)), [200, JSON_TYPE, body]);
  });
}

test('2.0: status, headers, cookies and body, with the content type that each gateway assumes', () => {
  const value = {
    statusCode: 201,
    headers: { 'X-A': 'b', n: 5, t: true },
    cookies: ['a=1', 'b=2; Path=/'],
    body: 'é',
  };
  const rest: readonly Header[] = [
    ['X-A', 'b'],
    ['n', '5'],
    ['t', 'true'],
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2; Path=/'],
  ];
  assert.equal(shown(reply('http', value)), [
    201,
    [['content-type', 'text/plain;charset=UTF-8'], ...rest],
    'é',
  ]);
  assert.equal(shown(reply('url', value)), [201, [['content-type', 'application/json'], ...rest], 'é']);
  assert.equal(shown(reply('url', { statusCode: 200, body: { a: 1 } })), [200, JSON_TYPE, '{"a":1}']);
  assert.equal(shown(reply('http', { statusCode: '404', headers: { 'content-Type': 'a/b' } })), [
    404,
    [['content-Type', 'a/b']],
    '',
  ]);
});

test('a body in base64 becomes bytes', () => {
  const bytes = Buffer.from([0, 0xff, 0x80]);
  for (const api of ['http', 'url', 'rest'] as const) {
    const made = reply(api, { statusCode: 200, body: bytes.toString('base64'), isBase64Encoded: true });
    assert.equal(Buffer.from(made.body), bytes, api);
  }
});

test('rest: base64 becomes bytes only where the first type that the client accepts is binary', () => {
  const value = { statusCode: 200, body: 'AP+A', isBase64Encoded: true };
  const bytes = (accept: string, types: readonly string[]): number =>
    reply('rest', value, accept, types).body.length;
  assert.is(bytes('image/jpeg', ['image/*']), 3);
  assert.is(bytes('image/jpeg, text/html', ['image/jpeg']), 3);
  assert.is(bytes('text/html, image/jpeg', ['image/jpeg']), 4);
  assert.is(bytes('*/*', ['image/jpeg']), 4);
  assert.is(bytes('', ['*/*']), 3);
});

test('rest: nothing has to be there, and lists of values beat single ones', () => {
  assert.equal(shown(reply('rest', {})), [200, [['Content-Type', 'application/json']], '']);
  assert.equal(
    shown(reply('rest', { statusCode: null, headers: null, multiValueHeaders: null, body: null })),
    [200, [['Content-Type', 'application/json']], ''],
  );
  const both = {
    headers: { 'set-cookie': 'x', 'content-type': 'a/b', t: false },
    multiValueHeaders: { 'Set-Cookie': ['a', 'b'] },
  };
  assert.equal(reply('rest', both).headers, [
    ['content-type', 'a/b'],
    ['t', 'false'],
    ['Set-Cookie', 'a'],
    ['Set-Cookie', 'b'],
  ]);
});

const MALFORMED: readonly (readonly [
  title: string,
  apis: readonly Api[],
  value: unknown,
  why: string | RegExp,
])[] = [
  ['null', ['rest'], null, 'it has to be an object'],
  ['a list', ['rest'], [], 'it has to be an object'],
  ['a string', ['rest'], '"hello"', 'it has to be an object'],
  ['an unknown key', ['rest'], { statusCode: 200, cookies: [] }, 'but there is cookies'],
  ['a number as a header', ['rest'], { headers: { a: 1 } }, 'the header a has to be a string or a boolean'],
  ['an object as body', ['rest', 'http'], { statusCode: 200, body: {} }, 'body has to be a string'],
  ['no JSON', ['rest', 'http', 'url'], 'oops', 'it is no JSON'],
  ['status 99', ['rest', 'http', 'url'], { statusCode: 99 }, 'not 99'],
  ['status 101', ['rest', 'http', 'url'], { statusCode: 101 }, 'not 101'],
  ['status 1e9', ['rest', 'http', 'url'], { statusCode: 1e9 }, 'not 1000000000'],
  ['status 200.5', ['rest', 'http', 'url'], { statusCode: 200.5 }, 'not 200.5'],
  ['status "ok"', ['rest', 'http', 'url'], { statusCode: 'ok' }, 'not "ok"'],
  ['status null', ['http', 'url'], { statusCode: null }, 'not null'],
  [
    'a list of headers',
    ['rest', 'http', 'url'],
    { statusCode: 200, headers: [] },
    'headers has to be an object',
  ],
  [
    'an object as header',
    ['rest', 'http', 'url'],
    { statusCode: 200, headers: { a: {} } },
    'the header a has to be',
  ],
  [
    'a line end in a header',
    ['rest', 'http', 'url'],
    { statusCode: 200, headers: { a: 'b\r\nset-cookie: c' } },
    'HTTP does not allow',
  ],
  [
    'a line end in a name',
    ['rest', 'http', 'url'],
    { statusCode: 200, headers: { 'a\r\nb': 'c' } },
    'HTTP does not allow',
  ],
  [
    'an empty name',
    ['rest', 'http', 'url'],
    { statusCode: 200, headers: { '': 'c' } },
    'HTTP does not allow',
  ],
  [
    'NUL in a header',
    ['rest', 'http', 'url'],
    { statusCode: 200, headers: { a: '\0' } },
    'HTTP does not allow',
  ],
  ['a line end in a cookie', ['http', 'url'], { statusCode: 200, cookies: ['a\nb'] }, 'HTTP does not allow'],
  ['cookies as text', ['http', 'url'], { statusCode: 200, cookies: 'a=1' }, 'cookies has to be a list'],
  [
    'wrong base64',
    ['rest', 'http', 'url'],
    { statusCode: 200, body: '%%', isBase64Encoded: true },
    'no base64',
  ],
];
for (const [title, apis, value, why] of MALFORMED) {
  for (const api of apis) {
    test(`${api}: ${title} is malformed, and stderr tells why`, () => {
      const made = reply(api, value);
      assert.equal(shown(made), FAILED[api]);
      assert.match(made.why ?? '', why);
      assert.match(made.why ?? '', /^Malformed Lambda proxy response: /);
    });
  }
}

test('a failure of the function is told to the developer and not to the client', () => {
  const outcome: Outcome = { kind: 'error', error: { errorType: 'TypeError', errorMessage: 'secret' } };
  for (const api of ['http', 'rest', 'url'] as const) {
    const made = toReply(outcome, makeRequest(), makeSettings({ api }));
    assert.equal(shown(made), FAILED[api]);
    assert.is(made.why, 'TypeError: secret');
  }
});

test('what concerns one connection is not passed on', () => {
  const headers = {
    Connection: 'close, X-Own',
    'X-Own': '1',
    'Transfer-Encoding': 'chunked',
    'Keep-Alive': 'a',
    Upgrade: 'b',
    x: 'y',
  };
  assert.equal(reply('url', { statusCode: 200, headers }).headers, [
    ['content-type', 'application/json'],
    ['x', 'y'],
  ]);
});

test('a stream that is read at once is an answer if it is JSON; a prelude needs --streaming', () => {
  const stream = (text: string): Outcome => ({
    kind: 'stream',
    body: Buffer.from(text),
    contentType: '',
    error: null,
  });
  assert.equal(
    shown(toReply(stream('{"statusCode":204}'), makeRequest(), makeSettings())).slice(0, 1),
    [204],
  );
  const made = toReply(
    stream(`{"statusCode":200}${'\0'.repeat(8)}hi`),
    makeRequest(),
    makeSettings({ api: 'url' }),
  );
  assert.is(made.status, 502);
  assert.match(made.why ?? '', '--api url --streaming');
});

test.run();
