import { readFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toV1Event } from '../../src/gateway/to-v1-event.ts';
import { toV2Event } from '../../src/gateway/to-v2-event.ts';
import type { Header, Json } from '../../src/gateway/types.ts';
import { parseHttpEvent } from '../../src/handlers/resnet/http-event.ts';
import { makeRequest, makeSettings } from './requests.ts';

const HTTP = makeSettings();
const URL_API = makeSettings({ api: 'url' });
const REST = makeSettings({ api: 'rest', stage: 'Prod' });
const QUERY = 'url=https%3A%2F%2Fimages.example.com%2Fshoes%2Fankle%2520boot.jpg%3Fsize%3D320%26v%3D2';
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46]);

const recorded = async (name: string): Promise<Json> =>
  JSON.parse(await readFile(`fixtures/events/${name}.json`, 'utf8'));
const headers = (...added: readonly Header[]): readonly Header[] => [...makeRequest().headers, ...added];
const keys = (value: unknown): readonly string[] => Object.keys(value as Json).sort();
const image = makeRequest({ method: 'POST', body: JPEG, headers: headers(['Content-Type', 'image/jpeg']) });

/** Every key that a recorded event has, at each depth, without the values. */
function outline(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return typeof value;
  return Object.fromEntries(keys(value).map(key => [key, outline((value as Json)[key])]));
}

for (const [name, settings] of [
  ['http-v2', HTTP],
  ['function-url', URL_API],
] as const) {
  test(`${name}: a GET and a POST have the keys and the values of recorded events`, async () => {
    const get = await recorded(`${name}-get-url`);
    const made = toV2Event(makeRequest({ query: QUERY }), settings);
    assert.equal(keys(made), keys(get));
    assert.equal(outline({ ...(made.requestContext as Json) }), outline(get.requestContext));
    for (const key of ['rawPath', 'rawQueryString', 'queryStringParameters', 'isBase64Encoded', 'routeKey']) {
      assert.equal(made[key], get[key], key);
    }
    const { time, timeEpoch, stage, routeKey } = made.requestContext as Json;
    assert.equal(
      [time, timeEpoch, stage, routeKey],
      ['10/Mar/2026:05:16:23 +0000', 1773119783000, '$default', '$default'],
    );
    const { 'x-amzn-trace-id': trace, ...others } = made.headers as Json;
    assert.match(String(trace), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    const { host: _host, ...expected } = get.headers as Json;
    const { host: _made, ...actual } = others;
    assert.equal(actual, { ...expected, 'x-forwarded-proto': 'http' });
    const post = toV2Event(image, settings);
    assert.equal(keys(post), keys(await recorded(`${name}-post-image`)));
    assert.equal([post.body, post.isBase64Encoded], [JPEG.toString('base64'), true]);
  });
}

test('rest: a GET and a POST have the keys of recorded events, and null where there is nothing', async () => {
  const get = await recorded('rest-v1-get-url');
  const made = toV1Event(makeRequest({ query: QUERY }), REST);
  assert.equal(keys(made), keys(get));
  const { identity, ...context } = made.requestContext as Json;
  const { identity: recordedIdentity, ...recordedContext } = get.requestContext as Json;
  assert.equal(outline(context), outline(recordedContext));
  for (const key of keys(recordedIdentity)) assert.ok(key in (identity as Json), key);
  for (const key of [
    'queryStringParameters',
    'multiValueQueryStringParameters',
    'body',
    'pathParameters',
    'stageVariables',
  ]) {
    assert.equal(made[key], get[key], key);
  }
  assert.equal([context.path, context.requestTime], ['/Prod/', '10/Mar/2026:05:16:23 +0000']);
  const post = toV1Event(image, REST);
  assert.equal(keys(post), keys(await recorded('rest-v1-post-image')));
  assert.equal(
    [post.body, post.isBase64Encoded, post.queryStringParameters],
    [JPEG.toString('base64'), true, null],
  );
  const mangled = toV1Event(image, { ...REST, binaryMediaTypes: ['image/png'] });
  const example = await recorded('rest-v1-post-image-mangled');
  assert.equal([mangled.isBase64Encoded, example.isBase64Encoded], [false, false]);
  assert.is(mangled.body, (example.body as string).slice(0, (mangled.body as string).length));
});

test("the bundled handler reads what is made here as it reads Lambda's", () => {
  for (const event of [toV2Event(image, HTTP), toV2Event(image, URL_API), toV1Event(image, REST)]) {
    const request = parseHttpEvent(event);
    assert.equal([request.method, Buffer.from(request.body), request.isBinarySafe], ['POST', JPEG, true]);
    assert.is(request.headers['content-type'], 'image/jpeg');
  }
});

const BODIES: readonly (readonly [type: string | null, body: Buffer, isText: boolean])[] = [
  ['application/json', Buffer.from('{"a":"é"}'), true],
  ['Application/JSON; charset=utf-8', Buffer.from('{}'), true],
  ['application/problem+json', Buffer.from('{}'), true],
  ['text/plain', Buffer.from('a'), true],
  ['text/csv;header=present', Buffer.from('a'), true],
  ['application/xml', Buffer.from('<a/>'), true],
  ['image/svg+xml', Buffer.from('<svg/>'), false],
  ['application/javascript', Buffer.from('1'), true],
  ['application/x-www-form-urlencoded', Buffer.from('a=b'), false],
  ['multipart/form-data; boundary=x', Buffer.from('--x--'), false],
  ['image/jpeg', Buffer.from('a'), false],
  ['text/plain', Buffer.from([0xff, 0xfe]), false],
  ['json', Buffer.from('{}'), false],
  [null, Buffer.from('{}'), false],
];
for (const [type, body, isText] of BODIES) {
  test(`payload 2.0: ${type} of ${body.length} bytes comes as ${isText ? 'text' : 'base64'}`, () => {
    const request = makeRequest({
      method: 'POST',
      body,
      headers: headers(...(type ? [['Content-Type', type] as const] : [])),
    });
    const event = toV2Event(request, HTTP);
    assert.equal([event.body, event.isBase64Encoded], [body.toString(isText ? 'utf8' : 'base64'), !isText]);
    assert.is((event.headers as Json)['content-length'], String(body.length));
  });
}

const QUERIES: readonly (readonly [query: string, single: Json | undefined, last: Json | null])[] = [
  ['', undefined, null],
  ['a=1&a=2', { a: '1,2' }, { a: '2' }],
  ['a=1&b=&c', { a: '1', b: '', c: '' }, { a: '1', b: '', c: '' }],
  ['=x&=y', { '': 'x,y' }, { '': 'y' }],
  ['a+b=c+d%2B', { 'a b': 'c d+' }, { 'a b': 'c d+' }],
  ['a=%FF%C3%A9', { a: '\ufffdé' }, { a: '\ufffdé' }],
  ['a=%zz%', { a: '%zz%' }, { a: '%zz%' }],
  ['a=b=c&d=e?f', { a: 'b=c', d: 'e?f' }, { a: 'b=c', d: 'e?f' }],
  ['&&', undefined, null],
  [
    '__proto__=1&constructor=2',
    JSON.parse('{"__proto__":"1","constructor":"2"}'),
    JSON.parse('{"__proto__":"1","constructor":"2"}'),
  ],
];
for (const [query, single, last] of QUERIES) {
  test(`the query ${JSON.stringify(query)}`, () => {
    const v2 = toV2Event(makeRequest({ query }), HTTP);
    assert.is(v2.rawQueryString, query);
    assert.is(JSON.stringify(v2.queryStringParameters), JSON.stringify(single));
    const v1 = toV1Event(makeRequest({ query }), REST);
    assert.is(JSON.stringify(v1.queryStringParameters), JSON.stringify(last));
    if (query === 'a=1&a=2') assert.equal(v1.multiValueQueryStringParameters, { a: ['1', '2'] });
  });
}

const PATHS: readonly (readonly [path: string, http: string])[] = [
  ['/', '/'],
  ['/predict', '/predict'],
  ['//a//b/', '//a//b/'],
  ['/a/../b/./c', '/a/../b/./c'],
  ['/caf%C3%A9%20bar+baz', '/café bar+baz'],
  ['/%FF%zz%', '/\ufffd%zz%'],
  ['/a%2Fb%3Fc', '/a/b?c'],
  ['/ünï', '/ünï'],
];
for (const [path, http] of PATHS) {
  test(`the path ${path} is decoded by HTTP APIs only`, () => {
    const request = makeRequest({ path });
    assert.is(toV2Event(request, HTTP).rawPath, http);
    assert.is(toV2Event(request, { ...HTTP, stage: 'dev' }).rawPath, `/dev${http}`);
    assert.is(toV2Event(request, URL_API).rawPath, path);
    const v1 = toV1Event(request, REST);
    assert.equal([v1.path, (v1.requestContext as Json).path], [path, `/Prod${path}`]);
    const resource = path === '/' ? ['/', null] : ['/{proxy+}', { proxy: path.slice(1) }];
    assert.equal([v1.resource, v1.pathParameters], resource);
  });
}

test('headers: lower case and joined in 2.0 with cookies apart, as sent and in lists in 1.0', () => {
  const request = makeRequest({
    headers: [
      ['Host', 'localhost:3000'],
      ['X-Many', 'a'],
      ['x-many', 'b, c'],
      ['Cookie', 'a=1; b=2'],
      ['cookie', 'c="3;'],
      ['X-Forwarded-For', '198.51.100.7'],
      ['X-Forwarded-Proto', 'https'],
      ['X-Amzn-Trace-Id', 'Root=mine'],
      ['Content-Length', '0'],
      ['Expect', '100-continue'],
    ],
    port: 3000,
  });
  const v2 = toV2Event(request, HTTP);
  assert.equal(v2.cookies, ['a=1', 'b=2', 'c="3']);
  assert.equal(v2.headers, {
    host: 'localhost:3000',
    'x-many': 'a,b, c',
    'content-length': '0',
    'x-amzn-trace-id': 'Root=mine',
    'x-forwarded-for': '198.51.100.7, 192.0.2.1',
    'x-forwarded-port': '3000',
    'x-forwarded-proto': 'http',
  });
  assert.is((v2.requestContext as Json).domainName, 'localhost');
  const v1 = toV1Event(request, REST);
  assert.equal(
    [(v1.headers as Json)['X-Many'], (v1.multiValueHeaders as Json)['X-Many']],
    ['b, c', ['a', 'b, c']],
  );
  assert.equal((v1.multiValueHeaders as Json).Cookie, ['a=1; b=2', 'c="3;']);
  assert.not.ok('Content-Length' in (v1.headers as Json));
});

test('a request without Host or User-Agent has an event all the same', () => {
  const request = makeRequest({ headers: [] });
  const { domainName, http } = toV2Event(request, HTTP).requestContext as Json;
  assert.equal([domainName, (http as Json).userAgent], ['localhost', '']);
  const { identity } = toV1Event(request, REST).requestContext as Json;
  assert.is((identity as Json).userAgent, null);
});

test.run();
