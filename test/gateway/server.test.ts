import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../src/gateway/types.ts';
import { fakeFunction } from '../helpers/fake-function.ts';
import { rejects } from '../helpers/rejects.ts';
import { makeSettings } from './requests.ts';
import { actingFunction, sendRaw, withServer } from './servers.ts';

const echo = () => fakeFunction(event => ({ statusCode: 200, body: JSON.stringify(event) }));
const REST = makeSettings({ api: 'rest', stage: 'Prod' });

/** `fetch` refuses headers such as Expect and Host, so this is Node's own client. */
async function send(
  url: string,
  options: RequestOptions = {},
  body?: string | Uint8Array,
): Promise<IncomingMessage & { text: string }> {
  const req = httpRequest(url, options);
  req.end(body);
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk);
  return Object.assign(res, { text: Buffer.concat(chunks).toString('utf8') });
}

test('a form, a picture, queries and every method come through', () =>
  withServer(echo(), {}, async ({ url, accesses }) => {
    const form = new FormData();
    form.set('image', new Blob([new Uint8Array([0xff, 0xd8, 0])], { type: 'image/jpeg' }), 'dog.jpg');
    const posted = (await (await fetch(`${url}/predict`, { method: 'POST', body: form })).json()) as Json;
    assert.match(String((posted.headers as Json)['content-type']), /^multipart\/form-data; boundary=/);
    assert.ok(Buffer.from(String(posted.body), 'base64').includes(Buffer.from([0xff, 0xd8, 0])));
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const event = JSON.parse((await send(`${url}/a?b=1`, { method })).text);
      assert.equal(
        [event.requestContext.http.method, event.rawPath, event.rawQueryString],
        [method, '/a', 'b=1'],
      );
      assert.equal(event.requestContext.http.sourceIp, '127.0.0.1');
    }
    await delay(5);
    assert.equal(
      accesses.map(({ method, target, status, complete }) => [method, target, status, complete])[1],
      ['GET', '/a?b=1', 200, true],
    );
  }));

test('answers carry their length, an id, and all cookies; HEAD, 204 and 304 have no body', () =>
  withServer(
    fakeFunction(event => {
      const status = Number(((event as Json).rawPath as string).slice(1));
      return {
        statusCode: status,
        headers: { 'content-length': '999', etag: '"x"' },
        cookies: ['a=1', 'b=2'],
        body: 'héllo',
      };
    }),
    {},
    async ({ url }) => {
      const res = await send(`${url}/200`);
      assert.equal(
        [res.headers['content-length'], res.headers['set-cookie'], res.text],
        ['6', ['a=1', 'b=2'], 'héllo'],
      );
      assert.match(res.headers['apigw-requestid'] as string, /^[0-9a-f-]{36}$/);
      const head = await send(`${url}/200`, { method: 'HEAD' });
      assert.equal([head.headers['content-length'], head.text], ['6', '']);
      for (const status of [204, 304]) {
        const empty = await send(`${url}/${status}`);
        assert.equal(
          [empty.statusCode, empty.headers['content-length'], empty.headers.etag, empty.text],
          [status, undefined, '"x"', ''],
        );
      }
    },
  ));

test('one connection serves many requests, also pipelined ones and those after a failure', () =>
  withServer(
    fakeFunction(event => {
      if ((event as Json).rawPath === '/fail') throw new TypeError('no');
      return { statusCode: 200, body: 'ok' };
    }),
    {},
    async ({ url, port, notes }) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const statuses: (number | undefined)[] = [];
      for (const path of ['/a', '/fail', '/b'])
        statuses.push((await send(`${url}${path}`, { agent })).statusCode);
      agent.destroy();
      assert.equal(statuses, [200, 500, 200]);
      assert.equal(notes, ['GET /fail: TypeError: no']);
      const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
      const received = await sendRaw(
        port,
        `${get}${get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`,
        'never',
      );
      assert.is(received.match(/HTTP\/1\.1 200/g)?.length, 2);
    },
  ));

test('chunked bodies arrive whole, and Expect: 100-continue is answered before them', () =>
  withServer(echo(), {}, async ({ url, port }) => {
    const req = httpRequest(`${url}/`, { method: 'POST', headers: { 'content-type': 'text/plain' } });
    req.write('one ');
    await delay(2);
    req.end('two');
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    const event = JSON.parse(Buffer.concat(await res.toArray()).toString());
    assert.equal(
      [event.body, event.headers['content-length'], event.headers['transfer-encoding']],
      ['one two', '7', undefined],
    );
    const head =
      'POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n';
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write(head);
    const [first] = await once(socket, 'data');
    assert.match(first, /^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    socket.write('hi');
    const rest = (await socket.toArray()).join('');
    assert.match(rest, /HTTP\/1\.1 200/);
    assert.match(rest, '"body":"hi"');
    assert.not.match(rest, 'expect');
  }));

test('a body over the limit of the gateway is refused, before it is sent where the client waits', () =>
  withServer(echo(), {}, async ({ url, port, notes }) => {
    const body = Buffer.alloc(10_485_761, 'a');
    const res = await send(`${url}/`, { method: 'POST' }, body);
    assert.equal([res.statusCode, res.text], [413, '{"message":"Request Entity Too Large"}']);
    assert.match(notes[0] ?? '', 'POST /: the body has more than 10485760 bytes');
    const head =
      'POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10485761\r\n\r\n';
    const received = await sendRaw(port, head, 'never');
    assert.match(received, /^HTTP\/1\.1 413 /);
    assert.not.match(received, '100 Continue');
  }));

test("a picture that is too large for Lambda's event is refused with the reason; one that fits is not", () =>
  withServer(
    fakeFunction(() => ({ statusCode: 200 })),
    {},
    async ({ url, notes }) => {
      const picture = (bytes: number) =>
        send(`${url}/`, { method: 'POST', headers: { 'content-type': 'image/jpeg' } }, Buffer.alloc(bytes));
      assert.is((await picture(4_700_000)).statusCode, 200);
      const res = await picture(4_720_000);
      assert.equal([res.statusCode, res.text], [413, '{"message":"Request Too Long"}']);
      assert.match(notes[0] ?? '', 'Lambda takes at most 6291456');
      assert.match(notes[0] ?? '', '4.5 MiB');
    },
  ));

test('what is no HTTP, or has headers beyond the bound, never reaches the function', () => {
  const fn = echo();
  return withServer(fn, {}, async ({ port }) => {
    assert.match(await sendRaw(port, 'hello\r\n\r\n', 'never'), /^HTTP\/1\.1 400 /);
    assert.match(
      await sendRaw(port, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(11_000)}\r\n\r\n`, 'never'),
      /^HTTP\/1\.1 431 /,
    );
    assert.match(
      await sendRaw(
        port,
        'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        'never',
      ),
      /^HTTP\/1\.1 400 /,
    );
    assert.is(fn.events.length, 0);
  });
});

test('targets: absolute ones, doubled slashes and dots stay as they were sent', () =>
  withServer(echo(), {}, async ({ port }) => {
    const path = async (target: string): Promise<string> => {
      const received = await sendRaw(
        port,
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        'never',
      );
      return JSON.parse(received.slice(received.indexOf('\r\n\r\n') + 4)).rawPath;
    };
    assert.is(await path('//a/../b'), '//a/../b');
    assert.is(await path('http://localhost/a?b'), '/a');
    assert.is(await path('http://localhost?b'), '/');
    assert.is(await path('/a?b?c'), '/a');
  }));

test('HTTP/1.0 without Host is served, and the connection is closed', () =>
  withServer(echo(), {}, async ({ port }) => {
    const received = await sendRaw(port, 'GET /old HTTP/1.0\r\n\r\n', 'never');
    assert.match(received, /^HTTP\/1\.1 200 [\s\S]*connection: close/i);
    assert.match(received, '"protocol":"HTTP/1.0"');
  }));

test('a page of another site that had its name pointed here gets nothing', () => {
  const fn = echo();
  return withServer(fn, {}, async ({ url, port, notes }) => {
    for (const host of ['evil.example', 'evil.example:3000', 'localhost.evil.example']) {
      const res = await send(url, { headers: { host } });
      assert.equal([res.statusCode, res.text], [403, '{"message":"Forbidden"}'], host);
    }
    assert.is(fn.events.length, 0);
    assert.match(notes[0] ?? '', 'its Host is evil.example');
    for (const host of [
      `localhost:${port}`,
      'LOCALHOST',
      'api.localhost',
      '127.0.0.1',
      '[::1]:3000',
      '192.0.2.1',
    ]) {
      assert.is((await send(url, { headers: { host } })).statusCode, 200, host);
    }
  });
});

test('CORS is the function’s, unless the gateway is told of origins', async () => {
  const preflight = {
    origin: 'https://a.example',
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'x-a',
  };
  const answers = {
    statusCode: 200,
    headers: { 'access-control-allow-origin': 'https://mine', 'access-control-max-age': '1' },
    body: '',
  };
  const fn = fakeFunction(() => answers);
  await withServer(fn, {}, async ({ url }) => {
    const res = await send(url, { method: 'OPTIONS', headers: preflight });
    assert.equal([res.headers['access-control-allow-origin'], fn.events.length], ['https://mine', 1]);
  });
  const cors = (origins: readonly string[]) => ({ settings: makeSettings({ cors: origins }) });
  await withServer(fn, cors(['*']), async ({ url }) => {
    const res = await send(url, { method: 'OPTIONS', headers: preflight });
    assert.equal(
      [res.statusCode, fn.events.length, res.headers['access-control-allow-origin']],
      [204, 1, '*'],
    );
    assert.equal(res.headers['access-control-allow-headers'], 'x-a');
    assert.match(res.headers['access-control-allow-methods'] ?? '', 'PUT');
    const get = await send(url, { headers: { origin: 'https://a.example' } });
    assert.equal(
      [get.headers['access-control-allow-origin'], get.headers['access-control-max-age']],
      ['*', undefined],
    );
    assert.is((await send(url)).headers['access-control-allow-origin'], undefined);
    const large = await send(
      url,
      { method: 'POST', headers: { origin: 'https://a.example' } },
      Buffer.alloc(10_485_761),
    );
    assert.equal([large.statusCode, large.headers['access-control-allow-origin']], [413, '*']);
    assert.is((await send(url, { method: 'OPTIONS' })).statusCode, 200);
    assert.is(fn.events.length, 4);
  });
  await withServer(fn, cors(['https://*', 'http://b.example']), async ({ url }) => {
    const allowed = async (origin: string): Promise<unknown> =>
      (await send(url, { method: 'OPTIONS', headers: { ...preflight, origin } })).headers[
        'access-control-allow-origin'
      ];
    assert.is(await allowed('https://a.example'), 'https://a.example');
    assert.is(await allowed('http://b.example'), 'http://b.example');
    assert.is(await allowed('http://c.example'), undefined);
    assert.is(await allowed('null'), undefined);
  });
});

test('a gateway gives up on a slow function, which goes on and holds the next request back', async () => {
  const order: string[] = [];
  const slow = actingFunction(async event => {
    const path = JSON.parse(event).rawPath ?? JSON.parse(event).path;
    if (path === '/slow') await delay(80);
    order.push(path);
    return { kind: 'answer', body: Buffer.from('{"statusCode":200}'), contentType: '' };
  });
  await withServer(slow, { settings: makeSettings({ timeoutMs: 20 }) }, async ({ url, notes }) => {
    const res = await send(`${url}/slow`);
    assert.equal([res.statusCode, res.text, order], [503, '{"message":"Service Unavailable"}', []]);
    assert.match(notes[0] ?? '', 'waits for 0.02 s at most');
    assert.is((await send(`${url}/next`)).statusCode, 200, 'waiting for a sandbox does not count');
    assert.equal(order, ['/slow', '/next']);
  });
  await withServer(slow, { settings: { ...REST, timeoutMs: 20 } }, async ({ url }) => {
    const res = await send(`${url}/slow`);
    assert.equal([res.statusCode, res.text], [504, '{"message": "Endpoint request timed out"}']);
  });
});

test('a sandbox takes one request at a time, in their order; several take several', async () => {
  let running = 0;
  let most = 0;
  const events: string[] = [];
  // Long enough that one who is sent later also comes later.
  const gapMs = 25;
  const make = () =>
    actingFunction(async event => {
      most = Math.max(most, ++running);
      await delay(4 * gapMs);
      events.push(JSON.parse(event).rawPath);
      running--;
      return { kind: 'answer', body: Buffer.from('{"statusCode":200}'), contentType: '' };
    });
  const sendAll = async (url: string): Promise<void> => {
    const paths = Array.from({ length: 8 }, (_, i) => `/${i}`);
    const sent = paths.map((path, i) => delay(i * gapMs).then(() => send(url + path)));
    assert.equal(
      (await Promise.all(sent)).map(({ statusCode }) => statusCode),
      Array(8).fill(200),
    );
  };
  await withServer(make(), {}, ({ url }) => sendAll(url));
  assert.is(most, 1);
  assert.equal(events, ['/0', '/1', '/2', '/3', '/4', '/5', '/6', '/7']);
  await withServer([make(), make(), make()], {}, ({ url }) => sendAll(url));
  assert.is(most, 3);
});

test('closing cancels what runs, ends idle connections and frees the port', async () => {
  let cancelled = false;
  let begun = () => {};
  const running = new Promise<void>(resolve => {
    begun = resolve;
  });
  const endless = actingFunction(
    (_event, { signal }) =>
      new Promise((_, reject) => {
        begun();
        signal?.addEventListener('abort', () => {
          cancelled = true;
          reject(new Error('cancelled'));
        });
      }),
  );
  let port = 0;
  let lost: Promise<unknown> = Promise.resolve();
  await withServer(endless, {}, async served => {
    port = served.port;
    lost = send(served.url).then(
      () => 'answered',
      () => 'lost',
    );
    await running;
    await served.close();
    assert.equal(served.errors, []);
  });
  assert.equal([cancelled, await lost], [true, 'lost']);
  await withServer(echo(), { port }, async ({ url }) => {
    assert.is((await send(url)).statusCode, 200);
  });
});

test('a function that cannot be run at all is an error of the server, and the next request is served', async () => {
  let calls = 0;
  const broken = actingFunction(async () => {
    if (++calls === 1) throw new Error('no interpreter');
    return { kind: 'answer', body: Buffer.from('1'), contentType: '' };
  });
  await withServer(broken, {}, async ({ url, errors }) => {
    assert.is((await send(url)).statusCode, 500);
    assert.equal(
      errors.map(error => (error as Error).message),
      ['no interpreter'],
    );
    assert.equal((await send(url)).text, '1');
  });
});

test('a client that goes away in its body, or before the answer, harms nobody', () =>
  withServer(
    actingFunction(async () => {
      await delay(10);
      return { kind: 'answer', body: Buffer.from('1'), contentType: '' };
    }),
    {},
    async ({ url, port, errors, accesses }) => {
      const half = connect(port, '127.0.0.1');
      half.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhal');
      await delay(5);
      half.destroy();
      const early = connect(port, '127.0.0.1');
      early.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await delay(5);
      early.destroy();
      assert.is((await send(url)).text, '1');
      assert.equal(errors, []);
      while (accesses.length < 3) await delay(2);
      assert.equal(accesses.map(({ complete }) => complete).sort(), [false, false, true]);
    },
  ));

test('where it cannot listen, it says why', () =>
  withServer(echo(), {}, async ({ port }) => {
    const error = await rejects(
      withServer(echo(), { port }, async () => {}),
      'PORT_IN_USE',
    );
    assert.match(error.message, String(port));
    const host = 'no-such-host.invalid';
    const unknown = await withServer(echo(), { host }, async () => {}).catch((thrown: Error) => thrown);
    assert.match(String(unknown?.message), `Cannot listen on ${host}`);
  }));

test('IPv6 and every address can be listened on, and it is known who can reach them', async () => {
  await withServer(echo(), { host: '0.0.0.0' }, async ({ isLoopback, port }) => {
    assert.is(isLoopback, false);
    assert.is((await send(`http://127.0.0.1:${port}`)).statusCode, 200);
  });
  const six = withServer(echo(), { host: '::1' }, async ({ url, isLoopback }) => {
    assert.match(url, /^http:\/\/\[::1\]:\d+$/);
    assert.is(isLoopback, true);
    assert.is((await send(url)).statusCode, 200);
  });
  // A machine without IPv6 has no ::1.
  await six.catch((error: Error) => assert.match(error.message, 'Cannot listen on ::1'));
});

test.run();
