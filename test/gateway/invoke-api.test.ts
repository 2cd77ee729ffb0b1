import { setTimeout as delay } from 'node:timers/promises';
import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fakeFunction } from '../helpers/fake-function.ts';
import { makeSettings } from './requests.ts';
import { actingFunction, withServer } from './servers.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

async function withClient(url: string, use: (client: LambdaClient) => Promise<void>): Promise<void> {
  const client = new LambdaClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    await use(client);
  } finally {
    client.destroy();
  }
}

const invoke = (client: LambdaClient, input: Partial<InvokeCommandInput> = {}) =>
  client.send(new InvokeCommand({ FunctionName: 'any-name', ...input }));
const read = (payload: Uint8Array | undefined): unknown =>
  JSON.parse(Buffer.from(payload ?? []).toString() || 'null');

test("AWS's own client invokes the function, with its log, whatever the gateway is", async () => {
  for (const api of ['http', 'rest', 'url'] as const) {
    const fn = fakeFunction(event => ({ got: event }));
    await withServer(fn, { settings: makeSettings({ api }) }, ({ url }) =>
      withClient(url, async client => {
        const answer = await invoke(client, { Payload: Buffer.from('{"a":"é"}'), LogType: 'Tail' });
        assert.equal(
          [answer.StatusCode, answer.FunctionError, answer.ExecutedVersion],
          [200, undefined, '$LATEST'],
        );
        assert.equal(read(answer.Payload), { got: { a: 'é' } });
        const log = Buffer.from(answer.LogResult ?? '', 'base64').toString();
        assert.match(
          log,
          'START RequestId: request-1 Version: $LATEST\nEND RequestId: request-1\nREPORT RequestId: request-1\t',
        );
        assert.match(
          log,
          'Duration: 5.00 ms\tBilled Duration: 5 ms\tMemory Size: 1024 MB\tMax Memory Used: 48 MB\tInit Duration: 100.00 ms\t\n',
        );
        assert.equal(read((await invoke(client)).Payload), { got: {} });
        assert.is((await invoke(client)).LogResult, undefined);
        const arn = 'arn:aws:lambda:us-east-1:123456789012:function:my-function';
        assert.is((await invoke(client, { FunctionName: arn })).StatusCode, 200);
      }),
    );
  }
});

test('a failure is the payload, in the words of the runtime', async () => {
  const error = { errorType: 'TypeError', errorMessage: 'no', stackTrace: ['TypeError: no', '    at a'] };
  const fn = actingFunction(async () => ({ kind: 'error', error }));
  for (const [language, key] of [
    ['nodejs', 'trace'],
    ['python', 'stackTrace'],
  ] as const) {
    await withServer(fn, { language }, ({ url }) =>
      withClient(url, async client => {
        const answer = await invoke(client, { LogType: 'Tail' });
        assert.equal([answer.StatusCode, answer.FunctionError], [200, 'Unhandled']);
        assert.equal(read(answer.Payload), {
          errorType: 'TypeError',
          errorMessage: 'no',
          [key]: error.stackTrace,
        });
        assert.match(Buffer.from(answer.LogResult ?? '', 'base64').toString(), 'a log line\nEND');
      }),
    );
  }
});

test('the tail of a long log is its last 4 KB', async () => {
  const fn = actingFunction(async () => ({ kind: 'answer', body: Buffer.from('1'), contentType: '' }));
  const chatty = {
    ...fn,
    invoke: async (event: string | Uint8Array) => ({ ...(await fn.invoke(event)), logs: 'x'.repeat(9000) }),
  };
  await withServer(chatty, {}, ({ url }) =>
    withClient(url, async client => {
      const log = Buffer.from((await invoke(client, { LogType: 'Tail' })).LogResult ?? '', 'base64');
      assert.is(log.length, 4096);
      assert.match(log.toString(), /^x+\nEND RequestId: .*\nREPORT .*\n$/);
    }),
  );
});

test('Event runs it and answers at once, DryRun does not run it', async () => {
  const events: string[] = [];
  const contexts: (string | undefined)[] = [];
  let release = (): void => {};
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  const fn = actingFunction(async (event, { clientContext }) => {
    await released;
    events.push(event);
    contexts.push(clientContext);
    throw new Error('cannot be run');
  });
  await withServer(fn, {}, ({ url, errors }) =>
    withClient(url, async client => {
      assert.is((await invoke(client, { InvocationType: 'DryRun' })).StatusCode, 204);
      const ClientContext = Buffer.from('{"custom":{"a":"b"}}').toString('base64');
      const answer = await invoke(client, {
        InvocationType: 'Event',
        Payload: Buffer.from('1'),
        ClientContext,
      });
      assert.equal([answer.StatusCode, events.length], [202, 0]);
      release();
      while (errors.length === 0) await delay(2);
      assert.equal([events, contexts], [['1'], ['{"custom":{"a":"b"}}']]);
    }),
  );
});

test('what Lambda refuses is refused in its words', () => {
  const fn = fakeFunction(() => 1);
  return withServer(fn, {}, ({ url }) =>
    withClient(url, async client => {
      const fails = (input: Partial<InvokeCommandInput>) =>
        invoke(client, input).then(
          () => null,
          (error: Error & { $metadata: { httpStatusCode: number } }) => [
            error.name,
            error.$metadata.httpStatusCode,
          ],
        );
      assert.equal(await fails({ Payload: Buffer.from('{') }), ['InvalidRequestContentException', 400]);
      assert.equal(await fails({ Payload: Buffer.from([0x22, 0xff, 0x22]) }), [
        'InvalidRequestContentException',
        400,
      ]);
      const large = Buffer.from(`"${'a'.repeat(6_291_455)}"`);
      assert.equal(await fails({ Payload: large }), ['RequestTooLargeException', 413]);
      const async = { InvocationType: 'Event' as const, Payload: large.subarray(0, 1_048_577) };
      assert.equal(await fails(async), ['RequestTooLargeException', 413]);
      assert.is(await fails({ Payload: Buffer.from(`"${'a'.repeat(6_291_454)}"`) }), null);
      assert.is(fn.events.length, 1);
    }),
  );
});

test.run();
