import sharp from 'sharp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHandler, type Parts } from '../../../src/handlers/resnet/create-handler.ts';
import { fetchImage } from '../../../src/handlers/resnet/fetch-image.ts';
import type { HttpAnswer } from '../../../src/handlers/resnet/http-answer.ts';
import { decodeImage } from '../../../src/handlers/resnet/image.ts';
import { refuses } from './refuses.ts';
import { readEvent, readSample, readSpec } from './samples.ts';

const URL_OF_EVENTS = 'https://images.example.com/shoes/ankle%20boot.jpg?size=320&v=2';

/** Decodes for real; in place of the model it tells how many bytes came. test/live has the model. */
async function classify(image: Uint8Array) {
  await decodeImage(image, (await readSpec()).input);
  return [{ label: `${image.length} bytes`, probability: 1 }];
}

function setUp(parts: Partial<Parts> = {}) {
  const logged: unknown[] = [];
  const handler = createHandler({
    loadClassifier: async () => classify,
    fetchImage: async url => {
      assert.is(url, URL_OF_EVENTS);
      return readSample('ankle-boot.jpg');
    },
    logError: error => logged.push(error),
    ...parts,
  });
  const ask = async (event: unknown) => (await handler(event)) as HttpAnswer;
  return { handler, ask, logged };
}

function errorOf(answer: HttpAnswer): { code: string; message: string } {
  return JSON.parse(answer.body).error;
}

async function expected() {
  const { length } = await readSample('ankle-boot.jpg');
  return { predictions: [{ label: `${length} bytes`, probability: 1 }] };
}

for (const name of [
  'rest-v1-get-url',
  'rest-v1-post-image',
  'rest-v1-post-json',
  'http-v2-get-url',
  'http-v2-post-image',
  'http-v2-post-json',
  'http-v2-post-form',
  'function-url-get-url',
  'function-url-post-image',
  'function-url-post-json-base64',
]) {
  test(`${name}: answers over HTTP`, async () => {
    const answer = await setUp().ask(await readEvent(name));
    assert.is(answer.statusCode, 200);
    assert.equal(JSON.parse(answer.body), await expected());
    assert.equal(answer.headers, { 'content-type': 'application/json' });
    // REST APIs answer 502 to any other key.
    assert.equal(Object.keys(answer).sort(), ['body', 'headers', 'isBase64Encoded', 'statusCode']);
  });
}

for (const name of ['invoke-image', 'invoke-url']) {
  test(`${name}: answers with the plain object`, async () => {
    assert.equal(await setUp().handler(await readEvent(name)), await expected());
  });
}

test('a plain invocation with bad input throws an error named by its code', async () => {
  const { handler } = setUp();
  for (const event of [{}, null, 'hello', [], { image: 7 }, { url: null }]) {
    const refusal = await refuses(handler(event), 'NO_INPUT');
    assert.is(refusal.name, 'NO_INPUT');
  }
  await refuses(handler({ image: '*' }), 'BAD_BASE64');
  await refuses(handler({ image: 'aGVsbG8=' }), 'NOT_AN_IMAGE');
  await refuses(handler({ image: 'aGVsbG8=', url: 'http://a' }), 'TWO_INPUTS');
});

test('a REST API without binaryMediaTypes is told what to set', async () => {
  const answer = await setUp().ask(await readEvent('rest-v1-post-image-mangled'));
  assert.is(answer.statusCode, 400);
  assert.is(errorOf(answer).code, 'BODY_MANGLED');
  assert.match(errorOf(answer).message, 'binaryMediaTypes');
});

test('a broken URL is told to the caller', async () => {
  const event = {
    ...(await readEvent('http-v2-get-url')),
    queryStringParameters: { url: 'http://169.254.169.254/' },
  };
  const answer = await setUp({ fetchImage }).ask(event);
  assert.is(answer.statusCode, 400);
  assert.is(errorOf(answer).code, 'URL_FORBIDDEN');
});

test('a request without a picture is told how to give one', async () => {
  const { ask } = setUp();
  const get = await readEvent('rest-v1-get-url');
  const post = await readEvent('http-v2-post-image');
  for (const event of [
    { ...get, queryStringParameters: null },
    { ...post, body: undefined },
    { ...post, body: 7 },
  ]) {
    const answer = await ask(event);
    assert.is(answer.statusCode, 400);
    assert.is(errorOf(answer).code, 'NO_INPUT');
  }
});

test('a body that is no picture is a bad request', async () => {
  const post = await readEvent('http-v2-post-image');
  const answer = await setUp().ask({ ...post, body: Buffer.from('hello').toString('base64') });
  assert.is(answer.statusCode, 400);
  assert.is(errorOf(answer).code, 'NOT_AN_IMAGE');
});

test('a picture over 6 MiB is too large', async () => {
  const answer = await setUp().ask({
    ...(await readEvent('http-v2-post-image')),
    body: Buffer.alloc(6 * 1024 * 1024 + 1, 1).toString('base64'),
  });
  assert.is(answer.statusCode, 413);
  assert.is(errorOf(answer).code, 'IMAGE_TOO_LARGE');
});

test('OPTIONS tells the methods; others are not allowed', async () => {
  const { ask } = setUp();
  const get = await readEvent('rest-v1-get-url');
  const options = await ask({ ...get, httpMethod: 'OPTIONS' });
  assert.is(options.statusCode, 204);
  assert.is(options.headers.allow, 'GET, POST, OPTIONS');
  assert.is(options.body, '');
  for (const httpMethod of ['HEAD', 'PUT', 'DELETE', 'BREW']) {
    const answer = await ask({ ...get, httpMethod });
    assert.is(answer.statusCode, 405);
    assert.is(answer.headers.allow, 'GET, POST, OPTIONS');
  }
});

test('our own faults go to the log and not to the caller', async () => {
  const fault = new Error('EACCES: /var/task/model/model.json');
  const { ask, logged } = setUp({ loadClassifier: () => Promise.reject(fault) });
  const answer = await ask(await readEvent('function-url-post-image'));
  assert.is(answer.statusCode, 500);
  assert.is(errorOf(answer).code, 'INTERNAL');
  assert.not.match(answer.body, /EACCES|\/var|stack/);
  assert.equal(logged, [fault]);
});

test('an ordinary bad request is not logged as a fault', async () => {
  const { ask, logged } = setUp();
  await ask({ ...(await readEvent('http-v2-post-json')), body: '{' });
  assert.equal(logged, []);
});

test('PNG works as well as JPEG', async () => {
  const png = await sharp(await readSample('ankle-boot.jpg'))
    .png()
    .toBuffer();
  const answer = await setUp().handler({ image: png.toString('base64') });
  assert.equal(answer, { predictions: [{ label: `${png.length} bytes`, probability: 1 }] });
});

test.run();
