import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchImage } from '../../../src/handlers/resnet/fetch-image.ts';
import { type FetchRules, PUBLIC_WEB } from '../../../src/handlers/resnet/fetch-rules.ts';
import { refuses } from './refuses.ts';
import { serve } from './serve.ts';

const PICTURE = Buffer.from('the bytes of a picture');

/** Servers of tests have any port; the addresses are checked as ever. */
const ANY_PORT: FetchRules = { ...PUBLIC_WEB, isAllowedPort: () => true };
const LOOPBACK: FetchRules = { ...ANY_PORT, isAllowedAddress: address => address === '127.0.0.1' };

function sendPicture(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'image/jpeg', ...headers }).end(PICTURE);
}

test('fetches a picture', async () => {
  const bytes = await serve(
    (_, response) => sendPicture(response),
    origin => fetchImage(`${origin}/a.jpg?b=c`, LOOPBACK),
  );
  assert.equal(Buffer.from(bytes), PICTURE);
});

test('asks for what it was told, uncompressed, and sends no body', async () => {
  const seen: (string | undefined)[] = [];
  await serve(
    ({ method, url, headers }, response) => {
      seen.push(method, url, headers['accept-encoding'], headers.cookie);
      sendPicture(response);
    },
    origin => fetchImage(`${origin}/a.jpg?b=c`, LOOPBACK),
  );
  assert.equal(seen, ['GET', '/a.jpg?b=c', 'identity', undefined]);
});

for (const host of [
  '127.0.0.1',
  'localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '2130706433',
  '0x7f.1',
  '0.0.0.0',
]) {
  test(`does not ask ${host}, with the rules of production`, async () => {
    let asked = 0;
    await serve(
      (_, response) => {
        asked++;
        sendPicture(response);
      },
      async origin => {
        const url = `http://${host}:${new URL(origin).port}/`;
        await refuses(fetchImage(url, ANY_PORT), 'URL_FORBIDDEN');
      },
    );
    assert.is(asked, 0);
  });
}

for (const url of [
  'http://169.254.169.254/latest/meta-data/',
  'http://example.com:8080/a.jpg',
  'http://example.com:22/',
  'https://user:secret@example.com/a.jpg',
  'file:///etc/passwd',
  'data:image/png;base64,AAAA',
  'ftp://example.com/a.jpg',
]) {
  test(`does not ask ${url}`, async () => {
    await refuses(fetchImage(url), 'URL_FORBIDDEN');
  });
}

for (const url of ['', '/a.jpg', 'example.com/a.jpg', 'http://']) {
  test(`"${url}" is no URL`, async () => {
    await refuses(fetchImage(url), 'URL_INVALID');
  });
}

test('one private address among public ones condemns a name', async () => {
  const resolve = async () => [
    { address: '93.184.216.34', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ];
  await refuses(fetchImage('http://two-faced.example/', { ...PUBLIC_WEB, resolve }), 'URL_FORBIDDEN');
});

test('connects to the address that was checked and asks DNS no second time', async () => {
  let lookups = 0;
  let host: string | undefined;
  const resolve = async () => {
    lookups++;
    return [{ address: '127.0.0.1', family: 4 }];
  };
  await serve(
    (request, response) => {
      host = request.headers.host;
      sendPicture(response);
    },
    async origin => {
      const { port } = new URL(origin);
      // A name that no DNS knows: only the checked address can have led here.
      await fetchImage(`http://pinned.invalid:${port}/`, { ...LOOPBACK, resolve });
      assert.is(host, `pinned.invalid:${port}`);
    },
  );
  assert.is(lookups, 1);
});

test('a name that nobody knows is unreachable', async () => {
  const resolve = () => Promise.reject(new Error('ENOTFOUND'));
  await refuses(fetchImage('http://nobody.invalid/', { ...PUBLIC_WEB, resolve }), 'URL_UNREACHABLE');
});

test('a port where nobody listens is unreachable', async () => {
  const origin = await serve(
    () => {},
    async origin => origin,
  );
  const refusal = await refuses(fetchImage(origin, LOOPBACK), 'URL_UNREACHABLE');
  assert.not.match(refusal.message, /127\.0\.0\.1/);
});

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end();
}

test('follows three redirects, relative ones too', async () => {
  const bytes = await serve(
    ({ url }, response) => {
      const step = Number(url?.slice(1));
      if (step < 3) redirect(response, String(step + 1));
      else sendPicture(response);
    },
    origin => fetchImage(`${origin}/0`, LOOPBACK),
  );
  assert.equal(Buffer.from(bytes), PICTURE);
});

test('follows no fourth redirect', async () => {
  let asked = 0;
  await serve(
    (_, response) => {
      asked++;
      redirect(response, '/again');
    },
    origin => refuses(fetchImage(origin, LOOPBACK), 'URL_REDIRECTS'),
  );
  assert.is(asked, 4);
});

for (const location of [
  'http://169.254.169.254/',
  'http://10.0.0.1/',
  'file:///etc/passwd',
  'http://a:b@127.0.0.1/',
]) {
  test(`does not follow a redirect to ${location}`, async () => {
    await serve(
      (_, response) => redirect(response, location),
      origin => refuses(fetchImage(origin, LOOPBACK), 'URL_FORBIDDEN'),
    );
  });
}

test('stops at the cap while bytes come, and hangs up', async () => {
  let sent = 0;
  const rules = { ...LOOPBACK, maxBytes: 100_000 };
  await serve(
    (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(10_000))) sent += 10_000;
      };
      response.on('drain', pour);
      pour();
    },
    origin => refuses(fetchImage(origin, rules), 'IMAGE_TOO_LARGE'),
  );
  assert.ok(sent > 0);
});

test('a length that is too large is refused before a byte is read', async () => {
  await serve(
    (_, response) =>
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '10000001' }).write('x'),
    async origin => {
      const { status } = await refuses(fetchImage(origin, LOOPBACK), 'IMAGE_TOO_LARGE');
      assert.is(status, 413);
    },
  );
});

test('a body as large as the cap is taken', async () => {
  const bytes = await serve(
    (_, response) => sendPicture(response),
    origin => fetchImage(origin, { ...LOOPBACK, maxBytes: PICTURE.length }),
  );
  assert.is(bytes.length, PICTURE.length);
});

test('the clock runs over a slow body', async () => {
  await serve(
    (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).write('x'),
    origin => refuses(fetchImage(origin, { ...LOOPBACK, timeoutMs: 100 }), 'URL_TIMEOUT'),
  );
});

test('the clock runs over a server that never answers', async () => {
  await serve(
    () => {},
    origin => refuses(fetchImage(origin, { ...LOOPBACK, timeoutMs: 100 }), 'URL_TIMEOUT'),
  );
});

test('the clock runs over a DNS that never answers', async () => {
  await serve(
    () => {},
    () =>
      refuses(
        fetchImage('http://slow.invalid/', {
          ...PUBLIC_WEB,
          resolve: () => new Promise(() => {}),
          timeoutMs: 100,
        }),
        'URL_TIMEOUT',
      ),
  );
});

test('a body that breaks off is unreachable', async () => {
  await serve(
    (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '100' }).write('x');
      setTimeout(() => response.destroy(), 20);
    },
    origin => refuses(fetchImage(origin, LOOPBACK), 'URL_UNREACHABLE'),
  );
});

for (const status of [304, 404, 500]) {
  test(`status ${status} is no picture`, async () => {
    await serve(
      (_, response) => response.writeHead(status, { 'content-type': 'image/png' }).end(),
      origin => refuses(fetchImage(origin, LOOPBACK), 'URL_STATUS'),
    );
  });
}

test('a web page is no picture', async () => {
  await serve(
    (_, response) => sendPicture(response, { 'content-type': 'text/html; charset=utf-8' }),
    origin => refuses(fetchImage(origin, LOOPBACK), 'URL_NOT_AN_IMAGE'),
  );
});

test('a compressed answer that nobody asked for is not inflated', async () => {
  await serve(
    (_, response) =>
      response
        .writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(1_000_000))),
    origin => refuses(fetchImage(origin, LOOPBACK), 'URL_NOT_AN_IMAGE'),
  );
});

for (const type of ['application/octet-stream', 'binary/octet-stream', 'IMAGE/PNG']) {
  test(`content type ${type} may be a picture`, async () => {
    const bytes = await serve(
      (_, response) => sendPicture(response, { 'content-type': type }),
      origin => fetchImage(origin, LOOPBACK),
    );
    assert.equal(Buffer.from(bytes), PICTURE);
  });
}

test.run();
