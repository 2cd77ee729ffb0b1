import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openPatientLambda, type PatientLambda } from '../../src/aws/lambda/open-lambda.ts';
import type { Patience } from '../../src/aws/types.ts';
import { fail, send, toStubEnv, withServer } from '../helpers/http-stub.ts';
import { LOCALHOST } from '../helpers/localhost-certificate.ts';
import { rejects } from '../helpers/rejects.ts';

interface Served {
  readonly lambda: PatientLambda;
  readonly cancel: () => void;
  readonly requests: () => number;
}

type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => unknown;

/** Lambda's API for a server that answers as `answer` does. */
async function withLambda(
  answer: Answer,
  patience: Omit<Patience, 'signal'>,
  use: (served: Served) => Promise<void>,
): Promise<void> {
  let nth = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await answer(request, response, ++nth);
  };
  await withServer(serve, async port => {
    const controller = new AbortController();
    const lambda = await openPatientLambda(toStubEnv(port), { ...patience, signal: controller.signal });
    await use({ lambda, cancel: () => controller.abort(), requests: () => nth });
  });
}

const read = ({ call }: PatientLambda): Promise<unknown> =>
  call('Reading x', (lambda, options) => lambda.getFunctionConfiguration({ FunctionName: 'x' }, options));

const silent: Answer = () => null;
const broken: Answer = (_, response) => fail(response, 500, 'ServiceException', 'Internal error');

test('a server that is silent counts as lost, and is asked as often as said', () =>
  withLambda(silent, { silenceMs: 50, attempts: 2 }, async ({ lambda, requests }) => {
    const error = await rejects(read(lambda), 'AWS_UNREACHABLE');
    assert.match(error.message, 'Reading x');
    assert.is(requests(), 2);
  }));

test('a lost connection and an answer 5xx pass', () => {
  const answer: Answer = (request, response, nth) => {
    if (nth === 1) request.socket.destroy();
    else if (nth === 2) broken(request, response, nth);
    else send(response, 200, {});
  };
  return withLambda(answer, {}, async ({ lambda, requests }) => {
    await read(lambda);
    assert.is(requests(), 3);
  });
});

test('an AWS that fails for good is no fault of the user', () =>
  withLambda(broken, { attempts: 2 }, async ({ lambda, requests }) => {
    const error = await rejects(read(lambda), 'AWS_FAILED');
    assert.match(error.message, '500 ServiceException');
    assert.is(requests(), 2);
  }));

test('what must not be done twice is asked once', () =>
  withLambda(broken, {}, async ({ lambda, requests }) => {
    const Content = { ZipFile: Buffer.from('x') };
    await rejects(
      lambda.callOnce('Publishing', (client, options) =>
        client.publishLayerVersion({ LayerName: 'x', Content }, options),
      ),
      'AWS_FAILED',
    );
    assert.is(requests(), 1);
  }));

test('a call ends when it is cancelled, and so does a pause before the next attempt', async () => {
  await withLambda(silent, {}, async ({ lambda, cancel }) => {
    const asked = read(lambda);
    setTimeout(cancel, 20);
    await rejects(asked, 'CANCELLED');
    await rejects(read(lambda), 'CANCELLED');
  });
  const throttled: Answer = (_, response) =>
    fail(response.setHeader('retry-after', '60'), 429, 'TooManyRequestsException', 'Rate Exceeded.');
  await withLambda(throttled, {}, async ({ lambda, cancel }) => {
    const asked = read(lambda);
    setTimeout(cancel, 50);
    await rejects(asked, 'CANCELLED');
  });
});

const sendMuch = ({ call }: PatientLambda): Promise<unknown> =>
  call('Sending', (client, options) =>
    client.updateFunctionCode({ FunctionName: 'x', ZipFile: Buffer.alloc(20 * 1024 * 1024) }, options),
  );

test('where a body is no longer read, the call is cut', () =>
  withLambda(silent, { silenceMs: 200, attempts: 1 }, async ({ lambda }) => {
    const error = await rejects(sendMuch(lambda), 'AWS_UNREACHABLE');
    assert.match(error.message, '200 ms of inactivity');
  }));

/** A server that reads slowly: pauses far shorter than the silence that counts, for several times as long altogether. */
async function withSlowServer(use: (endpoint: string) => Promise<void>): Promise<void> {
  const server = createServer(LOCALHOST, async (request, response) => {
    try {
      for await (const _ of request) await delay(3);
      send(response, 200, {});
    } catch {
      // The client was cut.
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // Node.js reads this when it connects.
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    await use(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
}

// Over TLS, where Node.js does not see that the bytes of a write flow.
test('a long body on a slow line is not cut while bytes flow', () =>
  withSlowServer(async AWS_ENDPOINT_URL => {
    const { signal } = new AbortController();
    const env = { ...toStubEnv(0), AWS_ENDPOINT_URL };
    await sendMuch(await openPatientLambda(env, { signal, silenceMs: 600, attempts: 1 }));
  }));

test.run();
