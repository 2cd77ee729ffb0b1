import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openAccount } from '../../src/aws/open-account.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { withAwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { QUICK } from '../helpers/upload.ts';

const patience = { signal: new AbortController().signal, ...QUICK };

test('all services of an account are asked in its region', () =>
  withAwsStub({ region: 'eu-west-1', seed: { buckets: { code: {} }, functions: { f: {} } } }, async stub => {
    const account = await openAccount(stub.env, patience);
    assert.is(account.region, 'eu-west-1');
    assert.equal(stub.requests, []);
    assert.is((await account.lambda.readFunction('f'))?.configuration.name, 'f');
    assert.is(await account.objects.find('code', 'k', { bytes: 1, sha256: '00' }), null);
    assert.is(await account.roles.find('none'), null);
    const target = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
    const wanted = { name: 'f', target, routes: [], cors: null };
    assert.is((await account.httpApis.inspect(wanted)).api, null);
    const services = new Set(stub.requests.map(({ service }) => service));
    assert.equal([...services].toSorted(), ['apigateway', 'iam', 'lambda', 's3']);
  }));

test('AWS_DEFAULT_REGION counts where AWS_REGION is not set', async () => {
  const account = await openAccount({ AWS_DEFAULT_REGION: 'ap-south-1' }, patience);
  assert.is(account.region, 'ap-south-1');
});

/** What a process of its own prints, whose environment and files of AWS are these only. */
async function regionOf(env: Readonly<Record<string, string>>, config: string): Promise<string> {
  return withTempDir(async dir => {
    const file = join(dir, 'config');
    await writeFile(file, config);
    const script = `
      import { openAccount } from ${JSON.stringify(new URL('../../src/aws/open-account.js', import.meta.url))};
      const patience = { signal: new AbortController().signal };
      openAccount(process.env, patience).then(({ region }) => console.log(region), ({ code, message }) => console.log(code, message));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...env, AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: join(dir, 'none') },
    });
    return stdout.trim();
  });
}

test('the region of a profile counts; where nothing names one, that is told', async () => {
  const config = '[default]\noutput = json\n[profile work]\nregion = eu-north-1\n';
  assert.is(await regionOf({ AWS_PROFILE: 'work' }, config), 'eu-north-1');
  assert.is(await regionOf({ AWS_PROFILE: 'work', AWS_REGION: 'us-west-2' }, config), 'us-west-2');
  const told = await regionOf({}, config);
  assert.match(told, /^AWS_REGION_MISSING /);
  assert.not.match(told, 'function', 'a bucket may be meant');
});

test.run();
