import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { invokeCode, printed } from '../../helpers/invoke.ts';
import { PRINT_MUCH } from './print-much.ts';

if (process.platform !== 'win32')
  test('who prints waits while the pipe is full, and nothing is lost', async () => {
    const result = await invokeCode(PRINT_MUCH);
    assert.equal([result.answer, result.error], ['printed', null]);
    assert.is(printed(result, 'last'), 'of all');
    assert.is(result.log.match(/^y$/gm)?.length, 15_000_000);
  });

test.run();
