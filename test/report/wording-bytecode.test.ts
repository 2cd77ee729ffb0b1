import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { wordFinding } from '../../src/report/wording.ts';

const told = (reason: 'python' | 'size' | 'failed', detail: string): string => {
  const { message, hint } = wordFinding({ code: 'BYTECODE_LEFT_OUT', level: 'warning', reason, detail });
  return `${message} ${hint}`;
};

test('why a function goes without bytecode, and what to do', () => {
  assert.match(told('python', '3.12'), /CPython 3\.12 can make it.*uv python install 3\.12/);
  assert.match(told('size', '262144001'), /would be 262,144,001 .*less than 262,144,000.*--bytecode only/);
  assert.match(told('size', '300000000'), /would be 286\.1 MiB .*less than 250 MiB/);
  assert.match(told('failed', '`python` failed (-11).'), /`python` failed \(-11\)\..*--bytecode none/);
});

test.run();
