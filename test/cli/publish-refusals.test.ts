import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';
import { CODE, type Desk, FN, PLATFORM, withDesk } from '../helpers/publish-cli.ts';

/** A command line that has to be refused, and words of what is wrong and of what to do. */
type Refusal = readonly [argv: readonly string[], code: string, ...words: readonly string[]];

async function assertRefused({ publish }: Desk, [argv, code, ...words]: Refusal): Promise<void> {
  const { code: exit, stdout, stderr } = await publish(...argv);
  const text = stderr.replace(/\s+/g, ' ');
  assert.equal([exit, stdout], [2, ''], `${argv.join(' ')}: ${stdout}${stderr}`);
  assert.match(text, `error ${code}: `);
  for (const word of words) assert.match(text, word);
}

const WITHOUT_AWS: readonly Refusal[] = [
  [['function.zip'], 'PUBLISH_NAME_MISSING', 'no other function is overwritten', '--function-name'],
  [['--function-name', 'api', '--rollback'], 'USAGE', '--rollback needs --alias'],
  [['--alias', 'live', '--rollback'], 'PUBLISH_NAME_MISSING', '--function-name'],
  [[...FN, '--alias', 'live', '--rollback', '--weight', '10'], 'USAGE', '--weight does not go with it'],
  [[...FN, '--weight', '10'], 'PUBLISH_SETTING', 'a weight needs an alias', 'Nothing was sent'],
  [[...FN, '--provisioned-concurrency', '2'], 'PUBLISH_SETTING', 'needs an alias'],
  [[...FN, '--alias', '12'], 'PUBLISH_SETTING', 'the alias 12', 'not digits only'],
  [[...FN, '--storage', 'reference'], 'PUBLISH_SETTING', 'reference needs a bucket'],
  [[...FN, '--bucket', 'My_Bucket'], 'PUBLISH_SETTING', 'My_Bucket is no name of a bucket'],
  [[...FN, '--role', 'arn:aws:iam::1:user/x'], 'PUBLISH_SETTING', 'neither a name nor the ARN of a role'],
  [[...FN, '--attach', 'sharp'], 'PUBLISH_SETTING', 'sharp is not the ARN of a layer version'],
  [['function.zip', '--function-name', 'a b'], 'PUBLISH_SETTING', 'a b has to have 1 to 64 letters'],
  [[...FN, '--memory', '64'], 'USAGE', '--memory has to be one whole number from 128 to 10240'],
  [[...FN, '--timeout', '901'], 'USAGE', 'from 1 to 900'],
  [[...FN, '--tmp', '20000'], 'USAGE', 'from 512 to 10240'],
  [[...FN, '--weight', '100', '--alias', 'live'], 'USAGE', 'from 1 to 99'],
  [[...FN, '--target', 's3'], 'USAGE', '"zip", "layer"'],
  [[...FN, '--functon-name', 'api'], 'USAGE', 'Did you mean --function-name?'],
  [['good.zip', ...FN.slice(1)], 'USAGE', 'No manifest', '--handler, --runtime, and --arch have to be given'],
  [['good.zip', ...FN.slice(1), '--handler', 'index.handler'], 'USAGE', 'so --runtime and --arch'],
  [['nowhere.zip', ...FN.slice(1)], 'INPUT_UNREADABLE', 'nothing is there'],
  [['damaged.zip', ...FN.slice(1), ...PLATFORM], 'NOT_A_ZIP', 'damaged.zip'],
  [['folder', ...FN.slice(1), ...PLATFORM], 'NOT_A_ZIP', 'it is a folder; zip it'],
  [['nowhere.ts', '--function-name', 'api'], 'HANDLER_NOT_FOUND', 'nowhere.ts'],
  [['--function-name', 'api'], 'NO_FUNCTION', '--function resnet'],
  [[...FN, '--runtime', 'nodejs14.x'], 'UNKNOWN_RUNTIME', 'nodejs14.x'],
];

test('what cannot be right is refused before AWS is asked anything', () =>
  withDesk(async desk => {
    for (const refusal of WITHOUT_AWS) await assertRefused(desk, refusal);
    assert.equal(desk.calls(), []);
  }));

test('what a config says wrongly is refused, all of it at once', () =>
  withDesk(
    async desk => {
      await assertRefused(desk, [[], 'USAGE', 'Choose one function with --function: api, open, typo, wide']);
      await assertRefused(desk, [['--function', 'no'], 'UNKNOWN_FUNCTION', 'api, open']);
      await assertRefused(desk, [['--function', 'open'], 'URL_NEEDS_PUBLIC', 'at your cost', '--public']);
      await assertRefused(desk, [
        ['--function', 'wide'],
        'PUBLISH_SETTING',
        'the role no role',
        'the tag aws:x',
        'the route GET predict',
        'the variables take 4',
      ]);
      assert.equal(desk.calls(), []);
    },
    {
      'lambda-slim.config.json': JSON.stringify({
        functions: {
          api: { entry: 'index.js', publish: { functionName: 'api' } },
          open: { entry: 'index.js', publish: { functionName: 'open', url: { auth: 'none' } } },
          typo: { entry: 'index.js', publish: { functionName: 'typo' } },
          wide: {
            entry: 'index.js',
            environment: { TOKEN: 'y'.repeat(4096) },
            publish: {
              functionName: 'wide',
              role: 'no role',
              tags: { 'aws:x': '1' },
              httpApi: { routes: ['GET predict'] },
            },
          },
        },
      }),
    },
  ));

const big = zipOf({ 'index.mjs': CODE, 'pad.bin': randomBytes(52_500_000) });

test('what the account lacks is told, and nothing is written', () =>
  withDesk(
    async desk => {
      const role = ['--role', 'lambda-role'];
      const zip = (path: string) => [path, ...FN.slice(1), ...PLATFORM];
      const refusals: readonly Refusal[] = [
        [FN, 'ROLE_NEEDED', 'api does not exist yet', '--create-role'],
        [[...FN, '--role', 'nobody'], 'ROLE_MISSING', 'no role nobody'],
        [[...zip('big.zip'), ...role], 'BUCKET_NEEDED', 'over 52428800', '--bucket', '--target layer'],
        [[...zip('big.zip'), ...role, '--bucket', 'none'], 'BUCKET_MISSING', 'no bucket none'],
        [[...zip('big.zip'), ...role, '--bucket', 'far'], 'BUCKET_REGION', 'of its own region'],
        [
          [...FN, '--alias', 'live', '--rollback'],
          'NO_ROLLBACK',
          'api has no such alias',
          'list-versions-by-function',
        ],
        [['--function-name', 'one', '--alias', 'live', '--rollback'], 'NO_ROLLBACK', 'no version before 1'],
      ];
      for (const refusal of refusals) await assertRefused(desk, refusal);
      assert.equal(desk.calls('writes'), []);
    },
    { 'big.zip': big },
    {
      seed: {
        functions: { one: { aliases: { live: '1' } } },
        buckets: { far: { region: 'us-east-1' } },
      },
    },
  ));

/** A process of its own, with this environment only, since the SDK also looks into that of the process. */
async function runAlone(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const script = `
    import { run } from ${JSON.stringify(new URL('../../src/cli/run.js', import.meta.url))};
    const { stdout, stderr, env } = process;
    process.exitCode = await run(${JSON.stringify(argv)}, { cwd: process.cwd(), env, stdout, stderr });`;
  const nothing = { HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true', CI: 'true' };
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
    env: { ...nothing, ...env },
  }).then(
    () => ({ code: 0, stderr: '' }),
    (error: { readonly code: number; readonly stderr: string }) => error,
  );
}

test('no region, no credentials, wrong ones, nobody there', () =>
  withDesk(async ({ cwd, stub }) => {
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...keyless } = stub.env;
    const { AWS_REGION: _region, ...nowhere } = stub.env;
    const cases: readonly (readonly [Readonly<Record<string, string>>, string, string])[] = [
      [nowhere, 'AWS_REGION_MISSING', 'Set AWS_REGION'],
      [{ ...stub.env, AWS_REGION: '' }, 'AWS_REGION_MISSING', 'Set AWS_REGION'],
      [{ ...stub.env, AWS_REGION: 'eu west' }, 'AWS_REGION_MISSING', 'Set AWS_REGION'],
      [keyless, 'AWS_CREDENTIALS', 'AWS_PROFILE'],
      [{ ...stub.env, AWS_ACCESS_KEY_ID: 'AKIDOTHER' }, 'AWS_CREDENTIALS', 'AWS_PROFILE'],
      [{ ...stub.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'AWS_UNREACHABLE', 'AWS_ENDPOINT_URL'],
    ];
    const argv = ['publish', '--no-cache', ...FN];
    const checks = cases.map(async ([env, expected, remedy]) => {
      const { code, stderr } = await runAlone(argv, cwd, env);
      assert.is(code, 2, stderr);
      assert.match(stderr, `error ${expected}: `);
      assert.match(stderr.replace(/\s+/g, ' '), remedy);
    });
    await Promise.all(checks);
  }));

test.run();
