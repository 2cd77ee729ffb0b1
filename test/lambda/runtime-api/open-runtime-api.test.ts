import { request } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RuntimeRequest } from '../../../src/lambda/runtime-api/exchange.ts';
import { openRuntimeApi, type RuntimeApi } from '../../../src/lambda/runtime-api/open-runtime-api.ts';

const ORDER: RuntimeRequest = {
  requestId: 'request-1',
  event: Buffer.from('{"a":1}'),
  deadlineMs: 1_800_000_000_000,
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function',
  traceId: 'Root=1-2-3',
  clientContext: null,
};
const LIMIT = 6_291_556;

type Call = (
  method: string,
  path: string,
  body?: string | Uint8Array,
  headers?: Record<string, string>,
) => Promise<Reply>;
interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function withApi(use: (api: RuntimeApi, call: Call) => Promise<void>): Promise<void> {
  const api = await openRuntimeApi({ functionName: 'function', handler: 'index.handler' });
  const call: Call = async (method, path, body, headers = {}) => {
    const url = `http://${api.address}/${path.startsWith('2') ? path : `2018-06-01/runtime/${path}`}`;
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  try {
    await use(api, call);
  } finally {
    await api.close();
  }
}

test('an event comes with all its headers, and the answer is accepted', () =>
  withApi(async (api, call) => {
    const next = call('GET', 'invocation/next');
    assert.is(await api.ready, null);
    const exchange = api.begin({ ...ORDER, clientContext: '{"k":"ü"}' });
    const { status, headers, text } = await next;
    assert.equal([status, text], [200, '{"a":1}']);
    const expected = {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': 'request-1',
      'lambda-runtime-deadline-ms': '1800000000000',
      'lambda-runtime-invoked-function-arn': ORDER.functionArn,
      'lambda-runtime-trace-id': 'Root=1-2-3',
    };
    for (const [name, value] of Object.entries(expected)) assert.is(headers.get(name), value, name);
    assert.is(
      Buffer.from(headers.get('lambda-runtime-client-context') ?? '', 'latin1').toString(),
      '{"k":"ü"}',
    );

    const reply = await call('POST', 'invocation/request-1/response', '"yes"', {
      'Content-Type': 'text/plain',
    });
    assert.equal([reply.status, JSON.parse(reply.text)], [202, { status: 'OK' }]);
    const outcome = await exchange.outcome;
    assert.is(
      outcome.kind === 'answer' && `${Buffer.from(outcome.body)} ${outcome.contentType}`,
      '"yes" text/plain',
    );
    let isFinished = false;
    void exchange.finished.then(() => {
      isFinished = true;
    });
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.is(isFinished, false, 'only when it asks for more');
    call('GET', 'invocation/next').catch(() => {});
    await exchange.finished;
  }));

test('a runtime that does not know the order of things is refused', () =>
  withApi(async (api, call) => {
    const refused = async (
      method: string,
      path: string,
      status: number,
      errorType: string,
    ): Promise<void> => {
      const reply = await call(method, path, method === 'POST' ? '{}' : undefined);
      assert.equal([reply.status, JSON.parse(reply.text).errorType], [status, errorType], path);
    };
    await refused('POST', 'invocation/request-1/response', 400, 'InvalidRequestID');
    const next = call('GET', 'invocation/next');
    await api.ready;
    const exchange = api.begin(ORDER);
    await next;
    await refused('POST', 'invocation/another/response', 400, 'InvalidRequestID');
    await refused('POST', 'invocation/another/error', 400, 'InvalidRequestID');
    await refused('GET', 'invocation/next', 403, 'InvalidStateTransition');
    await refused('POST', 'init/error', 403, 'InvalidStateTransition');
    assert.is((await call('POST', 'invocation/request-1/response', '1')).status, 202);
    await refused('POST', 'invocation/request-1/response', 403, 'InvalidStateTransition');
    await refused('POST', 'invocation/request-1/error', 403, 'InvalidStateTransition');
    for (const path of ['nothing', 'invocation', '2018-06-01/runtime', '2000-01-01/x'])
      await refused('GET', path, 404, 'NotFound');
    await refused('POST', 'invocation/next', 404, 'NotFound');
    assert.is((await exchange.outcome).kind, 'answer');
  }));

for (const kind of ['response', 'error']) {
  test(`6 MB are the limit of a ${kind}, and one byte more is too many`, () =>
    withApi(async (api, call) => {
      const run = async (id: string, bytes: number): Promise<readonly [Reply, string | undefined]> => {
        const next = call('GET', 'invocation/next');
        await api.ready;
        const exchange = api.begin({ ...ORDER, requestId: id });
        await next;
        const reply = await call('POST', `invocation/${id}/${kind}`, Buffer.alloc(bytes, 'x'));
        const outcome = await exchange.outcome;
        return [reply, outcome.kind === 'error' ? outcome.error.errorType : undefined];
      };
      const [fits, type] = await run('a', LIMIT);
      assert.equal([fits.status, type], [202, kind === 'error' ? 'Runtime.Unknown' : undefined]);
      const [large, tooLarge] = await run('b', LIMIT + 1);
      assert.equal([large.status, tooLarge], [413, 'Function.ResponseSizeTooLarge']);
      assert.equal(JSON.parse(large.text), {
        errorMessage: 'Exceeded maximum allowed payload size (6291556 bytes).',
        errorType: 'RequestEntityTooLarge',
      });
    }));
}

const ERRORS: readonly (readonly [body: string, header: string | undefined, error: object])[] = [
  [
    '{"errorType":"T","errorMessage":"m","trace":["a","b"]}',
    'H',
    { errorType: 'T', errorMessage: 'm', stackTrace: ['a', 'b'] },
  ],
  [
    '{"errorType":"T","errorMessage":"m","stackTrace":[]}',
    undefined,
    { errorType: 'T', errorMessage: 'm', stackTrace: [] },
  ],
  ['{"errorMessage":{"a":1}}', 'H', { errorType: 'H', errorMessage: '{"a":1}' }],
  ['no JSON', undefined, { errorType: 'Runtime.Unknown', errorMessage: '' }],
  ['null', 'H', { errorType: 'H', errorMessage: '' }],
];

test('whatever a client says of an error is understood', () =>
  withApi(async (api, call) => {
    for (const [at, [body, header, error]] of ERRORS.entries()) {
      const next = call('GET', 'invocation/next');
      await api.ready;
      const exchange = api.begin({ ...ORDER, requestId: `${at}` });
      await next;
      const headers: Record<string, string> = header ? { 'Lambda-Runtime-Function-Error-Type': header } : {};
      assert.is((await call('POST', `invocation/${at}/error`, body, headers)).status, 202);
      assert.equal(await exchange.outcome, { kind: 'error', error });
    }
  }));

test('an init that fails says why, once', () =>
  withApi(async (api, call) => {
    assert.is((await call('POST', 'init/error', '{"errorType":"T","errorMessage":"m"}')).status, 202);
    assert.equal(await api.ready, { errorType: 'T', errorMessage: 'm' });
    assert.is((await call('GET', 'invocation/next')).status, 403);
    assert.is((await call('POST', 'init/error', '{}')).status, 403);
  }));

test('nothing is restored, and a failure of it is one of init', () =>
  withApi(async (api, call) => {
    assert.is((await call('GET', 'restore/next')).status, 200);
    const headers = { 'Lambda-Runtime-Function-Error-Type': 'Runtime.AfterRestoreError' };
    assert.is((await call('POST', 'restore/error', '{}', headers)).status, 202);
    assert.is((await api.ready)?.errorType, 'Runtime.AfterRestoreError');
  }));

const STREAM = { 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked' };

test('a stream is told in parts, with the error behind it', () =>
  withApi(async (api, call) => {
    const next = call('GET', 'invocation/next');
    await api.ready;
    const told: string[] = [];
    const exchange = api.begin({
      ...ORDER,
      onStart: type => void told.push(type),
      onChunk: chunk => void told.push(Buffer.from(chunk).toString()),
    });
    await next;
    const [hostname, port] = api.address.split(':');
    const path = '/2018-06-01/runtime/invocation/request-1/response';
    const sent = request({ hostname, port, method: 'POST', path, headers: { ...STREAM, Trailer: 'x' } });
    const status = new Promise(resolve =>
      sent.on('response', response => resolve(response.resume().statusCode)),
    );
    sent.write('one');
    while (told.length < 2) await new Promise(resolve => setTimeout(resolve, 5));
    assert.equal(told, ['application/octet-stream', 'one']);
    sent.write('two');
    const body = Buffer.from('{"errorType":"T","errorMessage":"half"}').toString('base64');
    sent.addTrailers({
      'Lambda-Runtime-Function-Error-Type': 'T',
      'Lambda-Runtime-Function-Error-Body': body,
    });
    sent.end();
    assert.is(await status, 202);
    const outcome = await exchange.outcome;
    assert.equal(outcome.kind === 'stream' && [Buffer.from(outcome.body).toString(), outcome.error], [
      'onetwo',
      { errorType: 'T', errorMessage: 'half' },
    ]);
  }));

test('a stream that breaks off is what came until then', () =>
  withApi(async (api, call) => {
    const next = call('GET', 'invocation/next');
    await api.ready;
    const exchange = api.begin(ORDER);
    await next;
    const [hostname, port] = api.address.split(':');
    const path = '/2018-06-01/runtime/invocation/request-1/response';
    const sent = request({ hostname, port, method: 'POST', path, headers: STREAM });
    sent.on('error', () => {});
    sent.write('one');
    await new Promise(resolve => setTimeout(resolve, 50));
    sent.destroy();
    await api.drained();
    exchange.fail({ errorType: 'Runtime.ExitError', errorMessage: 'gone' });
    const outcome = await exchange.outcome;
    assert.equal(
      outcome.kind === 'stream' && [Buffer.from(outcome.body).toString(), outcome.error?.errorType],
      ['one', 'Runtime.ExitError'],
    );
  }));

test('an extension registers during init, is told of events, and the function waits for it', () =>
  withApi(async (api, call) => {
    const register = (name: string, events: unknown): Promise<Reply> =>
      call('POST', '2020-01-01/extension/register', JSON.stringify({ events }), {
        'Lambda-Extension-Name': name,
      });
    const { status, headers, text } = await register('mine', ['INVOKE', 'SHUTDOWN']);
    assert.equal(
      [status, JSON.parse(text)],
      [200, { functionName: 'function', functionVersion: '$LATEST', handler: 'index.handler' }],
    );
    assert.is((await register('odd', ['BIRTHDAY'])).status, 403);
    assert.is((await register('worse', 'INVOKE')).status, 400);
    const id = { 'Lambda-Extension-Identifier': headers.get('lambda-extension-identifier') ?? '' };
    const wait = (): Promise<Reply> => call('GET', '2020-01-01/extension/event/next', undefined, id);
    assert.is((await call('GET', '2020-01-01/extension/event/next')).status, 403);

    const next = call('GET', 'invocation/next');
    let isReady = false;
    void api.ready.then(() => {
      isReady = true;
    });
    await new Promise(resolve => setTimeout(resolve, 30));
    assert.is(isReady, false, 'the extension is not ready');
    const invoked = wait();
    await api.ready;
    const exchange = api.begin(ORDER);
    await next;
    const event = JSON.parse((await invoked).text);
    assert.equal(
      [event.eventType, event.requestId, event.deadlineMs],
      ['INVOKE', 'request-1', ORDER.deadlineMs],
    );
    await call('POST', 'invocation/request-1/response', '1');
    call('GET', 'invocation/next').catch(() => {});
    const shut = wait();
    await exchange.finished;
    assert.is((await register('late', [])).status, 403);
    assert.is((await call('POST', '2020-01-01/extension/exit/error', '{}', id)).status, 202);
    void api.shutDown();
    assert.is(JSON.parse((await shut).text).eventType, 'SHUTDOWN');
  }));

test('what is not there yet says so', () =>
  withApi(async (_, call) => {
    for (const path of ['2020-08-15/logs', '2022-07-01/telemetry']) {
      const { status, text } = await call('PUT', path, '{}');
      assert.is(status, 202);
      assert.match(text, 'NotSupported');
    }
  }));

test.run();
