import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import type { Outcome } from '../../src/lambda/types.ts';
import { formatRecorded, parseRecorded } from '../../src/verify/recorded-answer.ts';

const answer = (body: string | Uint8Array): Outcome => ({
  kind: 'answer',
  body: Buffer.from(body),
  contentType: 'application/json',
});

test('an answer reads back as it was, whatever it holds', () => {
  const bodies = [
    '{"b":1,"a":[true,null,"x"]}',
    '{"n":12345678901234567890}',
    '{"n":NaN}',
    '{"n":-0}',
    '{"n": 1.10}',
    'plain text',
    '',
    Buffer.from([0, 255, 216]),
  ];
  for (const body of bodies) {
    const text = formatRecorded({ cold: answer(body), warm: answer(body), volatile: new Map() });
    const { cold, warm } = parseRecorded(text, 'x');
    assert.equal(cold, answer(body));
    assert.equal(warm, answer(body));
    assert.is(JSON.parse(text).warm, null);
  }
});

test('JSON stays JSON, its keys in the order of the answer', () => {
  const text = formatRecorded({ cold: answer('{"b":1,"a":2}'), warm: null, volatile: new Map() });
  assert.equal(JSON.stringify(JSON.parse(text).cold.body), '{"json":{"b":1,"a":2}}');
  assert.ok(text.endsWith('}\n'));
});

test('errors, streams and places that differ each time are kept', () => {
  const expected = {
    cold: { kind: 'error', error: { errorType: 'E', errorMessage: 'm' } } as const,
    warm: {
      kind: 'stream',
      body: Buffer.from('s'),
      contentType: 'text/plain',
      error: { errorType: 'E', errorMessage: 'broke' },
    } as const,
    volatile: new Map([['body.id', new Set(['string', 'missing'])]]),
  };
  const parsed = parseRecorded(formatRecorded(expected), 'x');
  assert.equal(parsed.cold, expected.cold);
  assert.equal(parsed.warm, expected.warm);
  assert.equal([...(parsed.volatile.get('body.id') ?? [])], ['missing', 'string']);
});

test('what was not recorded is refused with its place', () => {
  for (const [text, place] of [
    ['{', /JSON/],
    ['{"schema":2}', /schema/],
    [
      '{"schema":1,"cold":{"kind":"answer","contentType":"x","body":{"base64":"*"}},"warm":null,"volatile":{}}',
      /cold\.body/,
    ],
  ] as const) {
    try {
      parseRecorded(text, 'dog.answer.json');
      assert.unreachable();
    } catch (error) {
      assert.ok(error instanceof SlimError && error.code === 'ANSWER_INVALID', String(error));
      assert.match(error.message, place);
    }
  }
});

test.run();
