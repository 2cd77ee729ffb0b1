import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import { formatError } from '../../src/report/format-error.ts';
import { PLAIN_STYLE } from '../../src/report/style.ts';

const known = new SlimError('NO_FUNCTION', ['/app'], { cause: new Error('the cause') });
const show = (error: unknown, debug = false): string => formatError(error, { debug }, PLAIN_STYLE);

test('a known error says what and what to do, without a stack', () => {
  assert.match(show(known), /^error NO_FUNCTION: No function to work on: \/app/);
  assert.match(show(known), /\n {2}Name the file/);
  assert.not.match(show(known), / at |the cause/);
});

test('--debug adds the stack with its causes', () => {
  assert.match(show(known, true), /\n {4}at /);
  assert.match(show(known, true), 'caused by: Error: the cause');
});

test('an error that nobody foresaw always shows its stack', () => {
  assert.match(show(new TypeError('oops')), /^error INTERNAL: TypeError: oops\n {4}at /);
  assert.match(show('thrown text'), 'thrown text');
});

test('what is to be pasted keeps its lines, however long they are', () => {
  const script = `lambda-slim ${'--option '.repeat(30)}<<'END'\nstep one\nEND`;
  const text = show(new SlimError('CONTAINER_STEP_FAILED', ['npm ci', 1, 'word '.repeat(40), script]));
  assert.match(text, `\n${script}\n`);
  const broken = text.replace(script, '').split('\n');
  assert.ok(broken.every(line => line.length <= PLAIN_STYLE.columns));
});

test('the output of other programs keeps its lines and loses its control characters', () => {
  const text = show(new SlimError('COMMAND_FAILED', ['npm', 1, '  one\n\u001b[31mtwo']));
  assert.match(text, '\n  one\n\\u{1b}[31mtwo\n');
});

test.run();
