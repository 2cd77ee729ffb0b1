import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withAwsStub } from '../helpers/aws-stub/aws-stub.ts';
import type { StubRequest } from '../helpers/aws-stub/server.ts';
import { runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';

interface Statement {
  readonly Action: string | readonly string[];
}

/** The actions that docs/publish.md tells deployers to allow. */
async function readPolicy(): Promise<readonly string[]> {
  const text = await readFile('docs/publish.md', 'utf8');
  const [, json = ''] = /```json\n(\{\n {2}"Version"[\s\S]*?)```/.exec(text) ?? [];
  const { Statement } = JSON.parse(json) as { readonly Statement: readonly Statement[] };
  return Statement.flatMap(({ Action }) => Action);
}

/** Calls whose right has another name; the rest are called after it. */
const RIGHTS: Readonly<Record<string, string>> = {
  HeadObject: 's3:GetObject',
  HeadBucket: 's3:ListBucket',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  ListParts: 's3:ListMultipartUploadParts',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  GetLayerVersionByArn: 'lambda:GetLayerVersion',
};

/** What AWS asks for beside the call itself: tags and roles in requests, what Lambda reads for its caller; and for archives of over 8 MiB. */
const BESIDE = [
  'lambda:ListTags',
  'iam:PassRole',
  'iam:TagRole',
  's3:GetObjectVersion',
  's3:ListBucketMultipartUploads',
  's3:ListMultipartUploadParts',
  's3:AbortMultipartUpload',
  'apigateway:PUT',
  'apigateway:TagResource',
];

const METHODS: readonly (readonly [RegExp, string])[] = [
  [/^Get/, 'GET'],
  [/^Create/, 'POST'],
  [/^Update/, 'PATCH'],
  [/^Tag/, 'TagResource'],
];

/** A presigned URL needs none. */
function rightOf({ service, operation }: StubRequest): readonly string[] {
  if (service === 'presigned') return [];
  if (service === 'apigateway') {
    const [, method = operation] = METHODS.find(([name]) => name.test(operation)) ?? [];
    return [`apigateway:${method}`];
  }
  return [RIGHTS[operation] ?? `${service}:${operation}`];
}

const CONFIG = {
  entry: 'index.js',
  external: ['dep'],
  publish: { functionName: 'api', bucket: 'code', storage: 'reference', tags: { team: 'shop' } },
};

test('the policy in docs/publish.md allows every call that publishing makes', () =>
  withAwsStub(
    { seed: { buckets: { code: { versioned: true } } }, newRoleRefusals: 0, provisionedLooks: 0 },
    stub =>
      withProject(
        {
          'package.json': '{"type":"module","dependencies":{"dep":"1.0.0"}}',
          'lambda-slim.config.json': JSON.stringify(CONFIG),
          'index.js': "import dep from 'dep';\nexport const handler = async () => dep;\n",
          'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"index.js"}',
          'node_modules/dep/index.js': 'module.exports = 1;\n',
        },
        async cwd => {
          const publish = async (...argv: readonly string[]) => {
            const ran = await runFake(['publish', '--no-cache', ...argv], { cwd, env: stub.env });
            assert.is(ran.code, 0, ran.stdout + ran.stderr);
          };
          const change = (value: number) =>
            writeFile(join(cwd, 'node_modules/dep/index.js'), `module.exports = ${value};\n`);
          await publish('--create-role', '--publish');
          await publish('--target', 'layer');
          await change(2);
          const front = [
            '--target',
            'layer',
            '--alias',
            'live',
            '--provisioned-concurrency',
            '1',
            '--http-api',
          ];
          await publish(...front, '--url');
          await change(3);
          await publish(...front, '--public', '--keep', '1', '--yes');
          await publish('--alias', 'next', '--http-api');
          await publish('--alias', 'live', '--rollback');
          const asked = [...new Set(stub.requests.flatMap(rightOf))];
          const allowed = await readPolicy();
          assert.equal(
            asked.filter(right => !allowed.includes(right)),
            [],
          );
          assert.equal(
            allowed.filter(right => !asked.includes(right) && !BESIDE.includes(right)),
            [],
          );
        },
      ),
  ));

test.run();
