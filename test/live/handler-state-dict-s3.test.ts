import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findPythonWith, runPythonTests } from '../handlers/python/run-python.ts';
import { withBoto } from '../handlers/python/with-boto.ts';
import { hasMoto } from '../helpers/moto.ts';

const python = findPythonWith(['torch', 'PIL']);
const test = suite('state-dict-s3, with a real PyTorch and moto');
const testWithBoth = (python !== null && hasMoto()) || process.env.CI ? test : test.skip;

testWithBoth('digits are read by a network that the test has trained and put into S3', async () => {
  assert.ok(python, 'python3-torch is installed');
  await withBoto(env => runPythonTests({ python, folder: 'digits', handler: 'state-dict-s3', env }));
});

test.run();
