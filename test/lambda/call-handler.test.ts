import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type InvokeSettings, invokeCode } from '../helpers/invoke.ts';

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

for (const runtime of ['nodejs22.x', 'nodejs24.x']) {
  for (const [title, code, answer] of ANSWERS) {
    test(`${runtime} answers ${title}`, async () => {
      const event = { key: 'välue', list: [1.5, null, true] };
      const result = await invokeCode(`export const handler = ${code};`, { runtime, event });
      assert.is(result.error, null, JSON.stringify(result.error));
      assert.equal(result.answer, answer);
    });
  }
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
  const wrapped = `const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); out.end('body');`;
  assert.is((await stream(wrapped)).error, null);
});

test('a stream that fails is a failure', async () => {
  assert.is(
    (await stream(`stream.write('a'); throw new RangeError('half');`)).error?.errorType,
    'RangeError',
  );
  const { error } = await invokeCode(
    `export const handler = awslambda.streamifyResponse((event, stream) => { stream.end('x'); });`,
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
    assert.is(error?.errorType, 'Runtime.MarshalError', JSON.stringify(error));
    assert.match(error?.errorMessage ?? '', /^Unable to stringify response body/);
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
    'what has no words',
    `Object.create(null)`,
    'handled',
    'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
  ],
];

for (const [title, code, type, message] of THROWN) {
  test(`${title} can be thrown`, async () => {
    const { answer, error } = await invokeCode(`export const handler = async () => { throw ${code}; };`);
    assert.is(answer, null);
    assert.is(error?.errorType, type, JSON.stringify(error));
    assert.is(error?.errorMessage, message);
  });
}

test('the trace of an error says where it was thrown', async () => {
  const { error } = await invokeCode(`export const handler = async () => { throw new Error('bad'); };`);
  assert.is(error?.trace?.[0], 'Error: bad');
  assert.ok(error?.trace?.some(line => /task\/index\.mjs:1:/.test(line)));
});

test('the context has the fields of Lambda', async () => {
  const code = `export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(), typed: typeof context.getRemainingTimeInMillis });`;
  const { answer } = await invokeCode(code, { memoryMiB: 512, timeoutMs: 60_000 });
  const { awsRequestId, left, ...rest } = answer as { awsRequestId: string; left: number };
  assert.match(awsRequestId, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
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

test.run();
