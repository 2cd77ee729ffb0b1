import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type InvokeSettings, invokeCode, readOutcome, withLocalFunction } from '../../helpers/invoke.ts';
import { rejects } from '../../helpers/rejects.ts';

const LIMIT = 6_291_556;

const ANSWERS: readonly (readonly [title: string, code: string, answer: unknown])[] = [
  ['an object', `async () => ({ a: [1, { b: null }], c: undefined })`, { a: [1, { b: null }] }],
  ['undefined', `async () => {}`, null],
  ['null', `async () => null`, null],
  ['a string', `async () => 'grüße \\u2028 \\ud83d\\ude00'`, 'grüße \u2028 \ud83d\ude00'],
  ['false', `async () => false`, false],
  ['a function', `async () => () => {}`, null],
  ['a date', `async () => new Date(0)`, '1970-01-01T00:00:00.000Z'],
  ['a buffer', `async () => Buffer.from([1, 2])`, { type: 'Buffer', data: [1, 2] }],
  ['a toJSON', `async () => ({ toJSON: () => 'mine' })`, 'mine'],
  ['a thenable', `() => ({ then: resolve => resolve('later') })`, 'later'],
  ['the event', `async event => event`, { key: 'välue', list: [1.5, null, true] }],
];

const caseOf = ([, code]: readonly [string, string, ...unknown[]], at: number): string =>
  `case ${at}: return (${code})(event.value, context);`;

for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
  test(`${runtime} answers with whatever JSON there is for it, one event after the other`, () => {
    const code = `export const handler = async (event, context) => { switch (event.at) { ${ANSWERS.map(caseOf).join('\n')} } };`;
    return withLocalFunction({ 'index.mjs': code }, { runtime }, async ({ fn }) => {
      for (const [at, [title, , answer]] of ANSWERS.entries()) {
        const event = { at, value: { key: 'välue', list: [1.5, null, true] } };
        const { outcome, report } = await fn.invoke(JSON.stringify(event));
        assert.equal(readOutcome(outcome), { answer, error: null }, title);
        assert.is(report.initMs === null, at > 0, 'one cold start');
      }
    });
  });
}

test('a value without a promise is the answer from nodejs24.x on, and lost before', async () => {
  const code = `export const handler = () => ({ ok: 1 });`;
  assert.equal((await invokeCode(code, { runtime: 'nodejs24.x' })).answer, { ok: 1 });
  assert.equal((await invokeCode(code, { runtime: 'nodejs22.x' })).answer, null);
});

const CALLBACKS: readonly (readonly [title: string, code: string, answer: unknown, type?: string])[] = [
  ['an answer', `(event, context, callback) => { setTimeout(callback, 5, null, { ok: 1 }); }`, { ok: 1 }],
  ['an answer at once', `(event, context, callback) => callback(null, 'now')`, 'now'],
  ['no answer', `(event, context, callback) => {}`, null],
  ['only the first of two', `(event, context, callback) => { callback(null, 1); callback(null, 2); }`, 1],
  ['an error', `(event, context, callback) => callback(new RangeError('no'))`, null, 'RangeError'],
  ['a word as error', `(event, context, callback) => callback('no')`, null, 'string'],
  ['a throw', `(event, context, callback) => { throw new RangeError('no'); }`, null, 'RangeError'],
  ['a promise all the same', `async (event, context, callback) => 'promised'`, 'promised'],
  [
    'an answer that does not wait for the rest',
    `(event, context, callback) => { setInterval(() => {}, 1000); context.callbackWaitsForEmptyEventLoop = false; callback(null, 'early'); }`,
    'early',
  ],
  ['context.succeed', `(event, context) => { setTimeout(context.succeed, 5, 'old'); }`, 'old'],
  ['context.done', `(event, context) => context.done(null, 'older')`, 'older'],
  ['context.fail', `(event, context) => context.fail(new RangeError('no'))`, null, 'RangeError'],
  ['context.fail of nothing', `(event, context) => context.fail()`, null, 'string'],
];

for (const [title, code, answer, type] of CALLBACKS) {
  test(`nodejs22.x takes the callback style: ${title}`, async () => {
    const result = await invokeCode(`export const handler = ${code};`, { runtime: 'nodejs22.x' });
    assert.is(result.error?.errorType, type, JSON.stringify(result.error));
    assert.equal(result.answer, answer);
  });
}

test('nodejs24.x refuses the callback style, with the words of Lambda', async () => {
  const code = `export const handler = (event, context, callback) => callback(null, 1);`;
  const { error } = await invokeCode(code, { runtime: 'nodejs24.x' });
  assert.is(error?.errorType, 'Runtime.CallbackHandlerDeprecated');
  assert.match(error?.errorMessage ?? '', 'has removed support for callback-based function handlers');
  assert.match(error?.errorMessage ?? '', 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html');
});

const stream = (body: string, settings?: InvokeSettings) =>
  invokeCode(
    `export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`,
    settings,
  );

test('a stream is the answer: as JSON where it is JSON, else as text', async () => {
  const parts = `stream.setContentType('application/json'); stream.write('{"a":'); stream.write(event.key); stream.end('}');`;
  for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
    assert.equal((await stream(parts, { event: { key: '1' }, runtime })).answer, { a: 1 });
  }
  assert.is(
    (await stream(`stream.end('grüße, ' + typeof context.getRemainingTimeInMillis);`)).answer,
    'grüße, function',
  );
});

test('an HTTP answer that is streamed begins with its prelude, and comes in parts', () => {
  const code = `
    import { setTimeout as delay } from 'node:timers/promises';
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: 'b' } });
      out.write('one');
      await delay(50);
      out.write({ two: 2 });
      if (event === 'fail') throw new RangeError('half');
      out.end();
    });`;
  return withLocalFunction({ 'index.mjs': code }, {}, async ({ fn }) => {
    const type = 'application/vnd.awslambda.http-integration-response';
    const whole = `{"statusCode":201,"headers":{"a":"b"}}${'\0'.repeat(8)}one{"two":2}`;
    for (const event of ['fine', 'fail', 'fine']) {
      const told: string[] = [];
      const { outcome, report } = await fn.invoke(JSON.stringify(event), {
        onStart: contentType => void told.push(contentType),
        onChunk: chunk => void told.push(Buffer.from(chunk).toString()),
      });
      assert.is(outcome.kind, 'stream');
      if (outcome.kind !== 'stream') return;
      assert.equal([outcome.contentType, Buffer.from(outcome.body).toString()], [type, whole]);
      assert.equal([told[0], told.slice(1).join('')], [type, whole]);
      assert.ok(told.length > 2, 'more than one part');
      assert.is(outcome.error?.errorType, event === 'fail' ? 'RangeError' : undefined);
      assert.is(report.status, event === 'fail' ? 'error' : 'success');
    }
  });
});

test('a stream that fails is a failure', async () => {
  assert.is(
    (await stream(`stream.write('a'); throw new RangeError('half');`)).error?.errorType,
    'RangeError',
  );
  const { error } = await invokeCode(
    `export const handler = awslambda.streamifyResponse((event, stream) => { stream.write('x'); });`,
  );
  assert.match(error?.errorMessage ?? '', 'Streaming does not support non-async handlers.');
});

const UNSPEAKABLE: readonly (readonly [title: string, code: string])[] = [
  ['a BigInt', `({ n: 10n })`],
  ['a circle', `(() => { const a = {}; a.a = a; return a; })()`],
  ['a toJSON that throws nothing nameable', `({ toJSON() { throw Object.create(null); } })`],
];

for (const [title, code] of UNSPEAKABLE) {
  test(`${title} cannot be an answer`, async () => {
    const { error, answer } = await invokeCode(`export const handler = async () => ${code};`);
    assert.is(error?.errorType, 'Runtime.JSONStringifyError', JSON.stringify(error));
    assert.is(error?.errorMessage, 'Unable to stringify response body');
    assert.ok((error?.stackTrace?.length ?? 0) > 2, 'the trace says why');
    assert.is(answer, null);
  });
}

test('an answer may have exactly as many bytes as Lambda takes, and not one more', async () => {
  // Two bytes are the quotes; a character of two bytes tells bytes from characters.
  const code = `export const handler = async ({ bytes }) => 'é' + 'x'.repeat(bytes - 4);`;
  const whole = await invokeCode(code, { event: { bytes: LIMIT } });
  assert.is(Buffer.byteLength(JSON.stringify(whole.answer)), LIMIT);
  for (const bytes of [LIMIT + 1, 7_000_000]) {
    const { answer, error } = await invokeCode(code, { event: { bytes } });
    assert.is(answer, null);
    assert.is(error?.errorType, 'Function.ResponseSizeTooLarge');
    assert.is(
      error?.errorMessage,
      'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    );
  }
});

const THROWN: readonly (readonly [title: string, code: string, type: string, message: string])[] = [
  ['an error', `new TypeError('bad')`, 'TypeError', 'bad'],
  ['an error with a name', `Object.assign(new Error('bad'), { name: 'MyError' })`, 'MyError', 'bad'],
  ['a frozen error', `Object.freeze(new Error('cold'))`, 'Error', 'cold'],
  ['a frozen object', `Object.freeze({ a: 1 })`, 'object', '[object Object]'],
  ['an error without a stack', `Object.assign(new Error('flat'), { stack: undefined })`, 'Error', 'flat'],
  ['a string', `'words'`, 'string', 'words'],
  ['an empty string', `''`, 'string', ''],
  ['a number', `0`, 'number', '0'],
  ['a symbol', `Symbol('s')`, 'symbol', 'Symbol(s)'],
  ['a BigInt', `10n`, 'bigint', '10'],
  ['undefined', `undefined`, 'undefined', 'undefined'],
  ['null', `null`, 'object', 'null'],
  [
    'an error that throws when it is looked at',
    `Object.defineProperty(new Error(), 'message', { get() { throw new Error('again'); } })`,
    'handled',
    'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
  ],
  [
    'what has no words',
    `Object.create(null)`,
    'handled',
    'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
  ],
];

test('anything can be thrown', () => {
  const code = `export const handler = async event => { switch (event) { ${THROWN.map(
    ([, thrown], at) => `case ${at}: throw ${thrown};`,
  ).join('\n')} } };`;
  return withLocalFunction({ 'index.mjs': code }, {}, async ({ fn }) => {
    for (const [at, [title, , errorType, errorMessage]] of THROWN.entries()) {
      const { error } = readOutcome((await fn.invoke(String(at))).outcome);
      assert.equal([error?.errorType, error?.errorMessage], [errorType, errorMessage], title);
    }
  });
});

test('the trace of an error says where it was thrown', async () => {
  const { error } = await invokeCode(`export const handler = async () => { throw new Error('bad'); };`);
  assert.is(error?.stackTrace?.[0], 'Error: bad');
  assert.ok(error?.stackTrace?.some(line => /task\/index\.mjs:1:/.test(line)));
});

test('the context has the fields of Lambda', async () => {
  const code = `export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(), typed: typeof context.getRemainingTimeInMillis });`;
  const { answer } = await invokeCode(code, { memoryMiB: 512, timeoutMs: 60_000 });
  const { awsRequestId, left, xRayTraceId, ...rest } = answer as Record<string, string> & { left: number };
  assert.match(xRayTraceId ?? '', /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
  assert.match(awsRequestId ?? '', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  assert.ok(left > 0 && left <= 60_000, `${left} ms`);
  assert.equal(rest, {
    typed: 'function',
    functionName: 'function',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function',
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/function',
    logStreamName: '2026/01/01/[$LATEST]00000000000000000000000000000000',
  });
  const old = await invokeCode(`export const handler = async (event, context) => context;`, {
    runtime: 'nodejs22.x',
  });
  assert.is(
    (old.answer as { callbackWaitsForEmptyEventLoop?: boolean }).callbackWaitsForEmptyEventLoop,
    true,
  );
});

test('the client context comes as it was given, and what is none is refused', () =>
  withLocalFunction(
    { 'index.mjs': `export const handler = async (event, context) => context.clientContext;` },
    {},
    async ({ fn }) => {
      const clientContext = '{ "custom":\n { "k": "ü 😀" } }';
      const { outcome } = await fn.invoke('1', { clientContext });
      assert.equal(readOutcome(outcome).answer, JSON.parse(clientContext));
      await rejects(fn.invoke('1', { clientContext: '{' }), 'EVENT_INVALID');
    },
  ));

test.run();
