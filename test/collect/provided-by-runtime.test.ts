import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';

const FILES = {
  'package.json': '{"name":"f","type":"module"}',
  'index.js': "import { S3 } from '@aws-sdk/client-s3';\nexport const handler = async () => typeof S3;\n",
};

test('a package that the runtime provides need not be installed where "external" names it', () =>
  withProject(FILES, async cwd => {
    const build = (...more: readonly string[]) =>
      runFake(['build', 'index.js', '--no-verify', '--no-cache', ...more], { cwd, env: {} });
    const missing = await build();
    assert.is(missing.code, 2);
    assert.match(missing.stderr, /DEPENDENCY_MISSING/);
    const made = await build('--external', '@aws-sdk/client-s3');
    assert.is(made.code, 0, made.stdout + made.stderr);
    const manifest = await readFile(join(cwd, 'lambda-slim-out/function.manifest.json'), 'utf8');
    assert.not.match(manifest, /node_modules\/@aws-sdk/);
  }));

test.run();
