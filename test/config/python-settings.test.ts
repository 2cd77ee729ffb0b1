import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load-config.ts';
import type { PythonOptions } from '../../src/types.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

/** The Python options of each function of a config. */
function resolve(config: object): Promise<readonly PythonOptions[]> {
  const files = {
    'app.py': 'def handler(event, context): pass\n',
    'lambda-slim.config.json': JSON.stringify(config),
  };
  return withProject(files, async dir => (await loadConfig(dir, {}, {})).functions.map(fn => fn.python));
}

test('nothing is declared unless the config does, and an empty list declares that none is called', async () => {
  const of = async (python: object) => (await resolve({ entry: 'app.py', python }))[0];
  assert.equal(await resolve({ entry: 'app.py' }), [{ awsServices: null, runtimeProvides: [] }]);
  assert.equal(await of({ awsServices: [] }), { awsServices: [], runtimeProvides: [] });
  assert.equal(await of({ runtimeProvides: true }), { awsServices: null, runtimeProvides: true });
});

test('functions add to what they share', async () => {
  const fn = (python?: object) => ({ entry: 'app.py', ...(python ? { python } : {}) });
  const found = await resolve({
    python: { awsServices: ['s3'], runtimeProvides: ['boto3'] },
    functions: {
      a: fn(),
      b: fn({ awsServices: ['sqs'], runtimeProvides: ['six'] }),
      c: fn({ runtimeProvides: true }),
    },
  });
  assert.equal(found, [
    { awsServices: ['s3'], runtimeProvides: ['boto3'] },
    { awsServices: ['s3', 'sqs'], runtimeProvides: ['boto3', 'six'] },
    { awsServices: ['s3'], runtimeProvides: true },
  ]);
});

for (const [what, python, pattern] of [
  ['a package that the runtime does not bring', { runtimeProvides: ['numpy'] }, /boto3.*urllib3/s],
  ['false, which a list cannot take back', { runtimeProvides: false }, /runtimeProvides/],
  ['a name that is no service', { awsServices: ['S3 bucket'] }, /client\("s3"\)/],
  ['a misspelt key', { awsService: ['s3'] }, /awsServices/],
] as const)
  test(`refused: ${what}`, async () => {
    const { message } = await rejects(resolve({ entry: 'app.py', python }), 'CONFIG_INVALID');
    assert.match(message, pattern);
  });

test.run();
