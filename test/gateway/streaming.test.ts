import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PRELUDE_TYPE } from '../../src/gateway/prelude.ts';
import { fakeFunction } from '../helpers/fake-function.ts';
import { makeSettings } from './requests.ts';
import { sendRaw, streamingFunction, withServer } from './servers.ts';

const settings = makeSettings({ api: 'url', streaming: true, cors: ['*'] });
const NULS = '\0'.repeat(8);
const BROKEN = { errorType: 'Error', errorMessage: 'broke off' };
const prelude = (value: unknown): string => JSON.stringify(value) + NULS;

test('each chunk reaches the client before the next is made', async () => {
  let take = () => {};
  const next = () =>
    new Promise<void>(resolve => {
      take = resolve;
    });
  const fn = streamingFunction(['one', 'two', 'three'], { next });
  await withServer(fn, { settings }, async ({ url }) => {
    const [res] = (await once(get(url), 'response')) as [IncomingMessage];
    assert.equal([res.headers['content-type'], res.headers['transfer-encoding']], ['text/plain', 'chunked']);
    const seen: string[] = [];
    for await (const chunk of res) {
      seen.push(String(chunk));
      take();
    }
    assert.equal(seen, ['one', 'two', 'three']);
  });
});

test('a prelude sets status, headers and cookies, however it is cut', async () => {
  const head = prelude({
    statusCode: 418,
    headers: { 'x-a': 'b', 'content-length': '3' },
    cookies: ['a=1', 'b=2'],
  });
  const whole = Buffer.from(`${head}body\0after`);
  for (const cut of [1, 10, head.length - 4, head.length, head.length + 2]) {
    const fn = streamingFunction([whole.subarray(0, cut), whole.subarray(cut)], {
      contentType: PRELUDE_TYPE,
    });
    await withServer(fn, { settings }, async ({ url }) => {
      const res = await fetch(url, { headers: { origin: 'https://a.example' } });
      assert.equal(
        [res.status, res.headers.get('x-a'), res.headers.getSetCookie()],
        [418, 'b', ['a=1', 'b=2']],
        `${cut}`,
      );
      assert.equal(
        [res.headers.get('content-type'), res.headers.get('content-length')],
        ['application/octet-stream', null],
      );
      assert.is(res.headers.get('access-control-allow-origin'), '*');
      assert.is(await res.text(), 'body\0after');
    });
  }
});

test('a stream that breaks off ends without the end of a chunked body', () =>
  withServer(
    streamingFunction(['half'], { error: BROKEN }),
    { settings },
    async ({ url, port, accesses, notes }) => {
      const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
      const received = await sendRaw(port, request, 'never');
      assert.match(received, '4\r\nhalf\r\n');
      assert.not.match(received, '\r\n0\r\n');
      const failed = await fetch(url)
        .then(res => res.text())
        .catch((error: Error) => error);
      assert.instance(failed, Error);
      assert.equal(notes, ['GET /: Error: broke off', 'GET /: Error: broke off']);
      while (accesses.length < 2) await delay(1);
      assert.equal(
        accesses.map(({ complete }) => complete),
        [false, false],
      );
    },
  ));

const REFUSED: readonly (readonly [title: string, text: string, why: string])[] = [
  ['no end of the prelude', '{"statusCode":200}', 'ended before its prelude'],
  ['no JSON', `oops${NULS}body`, 'no JSON'],
  ['no object', `3${NULS}body`, 'no object'],
  ['status 7', prelude({ statusCode: 7 }), 'not 7'],
  ['a header with a line end', prelude({ headers: { a: 'b\nc' } }), 'HTTP does not allow'],
];
for (const [title, text, why] of REFUSED) {
  test(`a prelude with ${title} is answered with 502`, () =>
    withServer(
      streamingFunction([text], { contentType: PRELUDE_TYPE }),
      { settings },
      async ({ url, notes }) => {
        const res = await fetch(url);
        assert.equal([res.status, await res.text()], [502, 'Internal Server Error']);
        assert.match(notes[0] ?? '', why);
      },
    ));
}

test('a stream that breaks off in its prelude is answered with 502', () =>
  withServer(
    streamingFunction(['{'], { contentType: PRELUDE_TYPE, error: BROKEN }),
    { settings },
    async ({ url, notes }) => {
      assert.is((await fetch(url)).status, 502);
      assert.equal(notes, ['GET /: Error: broke off']);
    },
  ));

test('HEAD gets the headers of a stream; a function that does not stream is answered as ever', async () => {
  await withServer(streamingFunction(['body']), { settings }, async ({ url }) => {
    const res = await fetch(url, { method: 'HEAD' });
    assert.equal([res.status, res.headers.get('content-type'), await res.text()], [200, 'text/plain', '']);
  });
  await withServer(
    fakeFunction(() => ({ statusCode: 201, body: 'x' })),
    { settings },
    async ({ url }) => {
      const res = await fetch(url);
      assert.equal([res.status, res.headers.get('content-length'), await res.text()], [201, '1', 'x']);
    },
  );
});

test.run();
