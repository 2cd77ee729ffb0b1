import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLogBook } from '../../src/lambda/log-book.ts';

const MIB = 1024 ** 2;

test('what is printed is passed on and kept, apart from the lines of Lambda, each event for itself', () => {
  const told: string[] = [];
  const logs = openLogBook(text => void told.push(text));
  logs.add('init\n');
  logs.begin();
  logs.tell('START\n');
  logs.add('one\n');
  logs.add('two\n');
  assert.is(logs.kept(), 'one\ntwo\n');
  logs.begin();
  assert.is(logs.kept(), '');
  assert.is(told.join(''), 'init\nSTART\none\ntwo\n');
});

test('a flood is cut in what is kept and in what is passed on, and both say so once', () => {
  let passed = 0;
  const notes: string[] = [];
  const logs = openLogBook(text => {
    passed += text.length;
    if (text.includes('lambda-slim')) notes.push(text);
  });
  const part = 'x'.repeat(MIB - 1);
  for (let round = 0; round < 100; round++) logs.add(part);
  assert.ok(logs.kept().length < MIB + 100);
  assert.is(logs.kept().split('[cut: ').length, 2);
  assert.ok(passed < 65 * MIB, `${passed}`);
  assert.is(notes.length, 1);
});

test.run();
