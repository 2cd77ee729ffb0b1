import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { HttpRequest } from '../../../src/handlers/resnet/http-event.ts';
import { readHttpInput } from '../../../src/handlers/resnet/read-http-input.ts';
import { refuses } from './refuses.ts';

function post(contentType: string | null, body: string | Buffer, isBinarySafe = true): HttpRequest {
  const headers = contentType === null ? {} : { 'content-type': contentType };
  return { method: 'POST', query: {}, headers, body: Buffer.from(body as string), isBinarySafe };
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);

for (const type of ['image/png', 'application/octet-stream', null]) {
  test(`bytes of type ${type} are a picture`, async () => {
    assert.equal(await readHttpInput(post(type, PNG)), { kind: 'bytes', bytes: PNG });
  });
  test(`bytes of type ${type} that came as text are refused`, async () => {
    await refuses(readHttpInput(post(type, PNG.toString('utf8'), false)), 'BODY_MANGLED');
  });
}

for (const type of [
  'application/json',
  'application/json; charset=utf-8',
  'application/problem+json',
  null,
]) {
  test(`an object of type ${type} is read`, async () => {
    const input = await readHttpInput(post(type, '{"url":"http://a/b.png"}', false));
    assert.equal(input, { kind: 'url', url: 'http://a/b.png' });
  });
}

test('curl -d sends JSON as a form', async () => {
  const input = await readHttpInput(post('application/x-www-form-urlencoded', '{"url":"http://a/b.png"}'));
  assert.equal(input, { kind: 'url', url: 'http://a/b.png' });
});

for (const body of ['{', '[', '{"url":}', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])]) {
  test(`${JSON.stringify(body.toString())} is bad JSON`, async () => {
    await refuses(readHttpInput(post('application/json', body)), 'BAD_JSON');
  });
}

for (const body of ['null', '[]', '"x"', '{}', '{"url":1}', '{"image":{}}']) {
  test(`${body} holds no picture`, async () => {
    await refuses(readHttpInput(post('application/json', body)), 'NO_INPUT');
  });
}

for (const image of ['iVBORw==', 'iVBO\nRw==', 'iVBORw', 'data:image/png;base64,iVBORw==']) {
  test(`${JSON.stringify(image)} is base64`, async () => {
    const input = await readHttpInput(post('application/json', JSON.stringify({ image })));
    assert.equal(input, { kind: 'bytes', bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47]) });
  });
}

for (const image of ['', 'a b!', '=', 'data:image/png,abc']) {
  test(`${JSON.stringify(image)} is no base64`, async () => {
    await refuses(readHttpInput(post('application/json', JSON.stringify({ image }))), 'BAD_BASE64');
  });
}

const BOUNDARY = '------------------------d74496d66958873e';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;

function form(...parts: readonly string[]): string {
  return `${parts.map(part => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${part}\r\n`).join('')}--${BOUNDARY}--\r\n`;
}

test('the first file of a form is the picture', async () => {
  const body = form(
    'name="note"\r\n\r\nhi',
    'name="f"; filename="a.png"\r\nContent-Type: image/png\r\n\r\npixels',
  );
  const input = await readHttpInput(post(FORM, body));
  assert.is(input.kind === 'bytes' && Buffer.from(input.bytes).toString(), 'pixels');
});

test('a form may give a URL', async () => {
  const input = await readHttpInput(post(FORM, form('name="url"\r\n\r\nhttp://a/b.png')));
  assert.equal(input, { kind: 'url', url: 'http://a/b.png' });
});

test('a form without a file is told so; a broken one as well; one that came as text is mangled', async () => {
  await refuses(readHttpInput(post(FORM, form('name="note"\r\n\r\nhi'))), 'NO_INPUT');
  await refuses(readHttpInput(post(FORM, 'no form')), 'BAD_FORM');
  await refuses(readHttpInput(post('multipart/form-data', form('name="a"\r\n\r\nhi'))), 'BAD_FORM');
  await refuses(readHttpInput(post(FORM, form('name="note"\r\n\r\nhi'), false)), 'BODY_MANGLED');
});

test.run();
