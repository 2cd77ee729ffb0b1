import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findPython } from '../../src/lambda/find-python.ts';

const options = { cwd: process.cwd(), signal: new AbortController().signal };
const VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';

test('finds the Python of a version by what it says of itself, and no other', async () => {
  const version = execFileSync('python3', ['-c', VERSION], { encoding: 'utf8' }).trim();
  const path = await findPython(version, options);
  assert.is(execFileSync(path as string, ['-c', VERSION], { encoding: 'utf8' }).trim(), version);
  assert.is(await findPython('3.99', options), null);
});

test.run();
