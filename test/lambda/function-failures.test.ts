import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeExit } from '../../src/lambda/function-failures.ts';

test('signals have the words of Lambda, and their number where it has none', () => {
  const words = (signal: string): string =>
    describeExit({ kind: 'exit', code: null, signal }, 'id').errorMessage.replace(/^.*: signal: /, '');
  assert.equal(['SIGSEGV', 'SIGALRM', 'SIGUSR1', 'SIGUSR2', 'SIGXXX'].map(words), [
    'segmentation fault',
    'alarm clock',
    'user defined signal 1',
    'user defined signal 2',
    'signal SIGXXX',
  ]);
  if (process.platform === 'linux')
    assert.equal(['SIGXCPU', 'SIGSYS'].map(words), ['signal 24', 'signal 31']);
});

test.run();
