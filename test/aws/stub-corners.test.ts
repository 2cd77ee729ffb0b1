import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { layerArn, ROLE, refuses, withClients } from '../helpers/aws-stub/clients.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';

const FN = { FunctionName: 'f' };
const LIVE = { ...FN, Qualifier: 'live' };
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const CODE = { ZipFile: zipOf({ 'index.mjs': 'export {}' }) };
const NEW = {
  FunctionName: 'new',
  Runtime: 'nodejs22.x',
  Handler: 'index.handler',
  Role: ROLE,
  Code: CODE,
} as const;
const INVALID = 'InvalidParameterValueException';
const CONFLICT = 'ResourceConflictException';
const GONE = 'ResourceNotFoundException';
const SEED = { seed: { functions: { f: { aliases: { live: '1' } } } }, updateLooks: 0 };
const AT = { Bucket: 'plain', Key: 'k' };

test('a function that is pending, or failed to begin, cannot be used', async () => {
  await withClients({ pendingLooks: 5 }, async ({ stub, lambda }) => {
    const made = await lambda.createFunction({ ...NEW, Publish: true });
    assert.equal([made.Version, made.FunctionArn], ['1', `${ARN.replace(/f$/, 'new')}:1`]);
    const pending = /^The operation cannot be performed at this time\. .* state: Pending$/;
    const of = { FunctionName: 'new' };
    await refuses(lambda.updateFunctionCode({ ...of, ...CODE }), CONFLICT, 409, pending);
    await refuses(lambda.invoke(of), CONFLICT, 409, pending);
    const fn = stub.state.functions.get('new');
    if (fn) Object.assign(fn, { looks: 0, failure: 'no subnet' });
    const { State, StateReason } = await lambda.getFunctionConfiguration(of);
    assert.equal([State, StateReason], ['Failed', 'no subnet']);
  });
});

test('only the code of $LATEST can be changed, and not that of an image', async () => {
  const image = { settings: { PackageType: 'Image' as const } };
  await withClients(
    { ...SEED, seed: { functions: { f: { published: true }, image } } },
    async ({ lambda }) => {
      await refuses(
        lambda.updateFunctionCode({ FunctionName: 'f:1', ...CODE }),
        INVALID,
        400,
        /^\[stub\] only \$LATEST/,
      );
      const text = 'Please provide ImageUri when updating a function with packageType Image.';
      await refuses(lambda.updateFunctionCode({ FunctionName: 'image', ...CODE }), INVALID, 400, text);
      assert.is((await lambda.getFunction({ FunctionName: 'image' })).Code?.RepositoryType, 'ECR');
      await refuses(
        lambda.createFunction({ ...NEW, PackageType: 'Image' }),
        INVALID,
        400,
        /^\[stub\] makes no/,
      );
      await refuses(
        lambda.updateFunctionCode(FN),
        INVALID,
        400,
        'Please provide a source for function code.',
      );
      const half = lambda.updateFunctionConfiguration({ ...FN, VpcConfig: { SubnetIds: ['subnet-1'] } });
      await refuses(half, INVALID, 400, /^\[stub\] a VPC needs/);
    },
  );
});

test('a function that throws is no failure of Lambda', async () => {
  const invoke = (): never => {
    throw new TypeError('nothing to predict');
  };
  await withClients({ ...SEED, invoke }, async ({ lambda }) => {
    const { FunctionError, Payload, ExecutedVersion } = await lambda.invoke({ ...LIVE, Payload: '{}' });
    const { errorMessage } = JSON.parse(Buffer.from(Payload ?? []).toString());
    assert.equal([FunctionError, errorMessage, ExecutedVersion], ['Unhandled', 'nothing to predict', '1']);
  });
});

test('aliases are listed, all or those of a version', async () => {
  await withClients({ ...SEED, pageItems: 1 }, async ({ lambda }) => {
    await lambda.createAlias({ ...FN, Name: 'edge', FunctionVersion: '$LATEST' });
    const list = async (more: object) => {
      const { Aliases, NextMarker } = await lambda.listAliases({ ...FN, ...more });
      return [Aliases?.map(({ Name }) => Name), NextMarker !== undefined];
    };
    assert.equal(
      [await list({}), await list({ FunctionVersion: '$LATEST' })],
      [
        [['live'], true],
        [['edge'], false],
      ],
    );
    const none = lambda.updateAlias({ ...FN, Name: 'none', FunctionVersion: '1' });
    await refuses(none, GONE, 404, `Alias not found: ${ARN}:none`);
  });
});

test('statements say whom they let in, and a stale revision is refused', async () => {
  await withClients(SEED, async ({ lambda }) => {
    const add = (StatementId: string, change: object) =>
      lambda.addPermission({
        ...FN,
        StatementId,
        Action: 'lambda:InvokeFunctionUrl',
        Principal: '*',
        ...change,
      });
    const { Statement } = await add('url', { FunctionUrlAuthType: 'NONE' });
    assert.equal(JSON.parse(Statement ?? '').Condition, {
      StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' },
    });
    const account = await add('account', { Principal: '999999999999', SourceAccount: '999999999999' });
    assert.equal(JSON.parse(account.Statement ?? '').Principal, { AWS: 'arn:aws:iam::999999999999:root' });
    await refuses(
      add('x', { InvokedViaFunctionUrl: true }),
      INVALID,
      400,
      /^\[stub\] InvokedViaFunctionUrl goes/,
    );
    await refuses(
      add('x', { RevisionId: 'x' }),
      'PreconditionFailedException',
      412,
      /Call the GetPolicy API/,
    );
    const policy = await lambda.getPolicy(FN);
    assert.is(policy.RevisionId, (await lambda.getFunctionConfiguration(FN)).RevisionId);
    await lambda.removePermission({
      ...FN,
      StatementId: 'url',
      ...(policy.RevisionId ? { RevisionId: policy.RevisionId } : {}),
    });
    const url = await lambda.createFunctionUrlConfig({ ...FN, AuthType: 'AWS_IAM' });
    assert.equal([url.FunctionArn, (await lambda.getFunctionUrlConfig(FN)).AuthType], [ARN, 'AWS_IAM']);
    await refuses(
      lambda.getFunctionUrlConfig({ FunctionName: 'g' }),
      GONE,
      404,
      /^The resource you requested/,
    );
  });
});

test('layers are named by name or by ARN', async () => {
  const foreign = layerArn('a', 4, 'eu-west-1', '999999999999');
  await withClients(
    { seed: { layers: { a: [{}] }, foreignLayers: { [foreign]: {} } } },
    async ({ lambda }) => {
      const LayerName = layerArn('a', 1).replace(/:1$/, '');
      assert.is((await lambda.getLayerVersion({ LayerName, VersionNumber: 1 })).Version, 1);
      assert.is((await lambda.getLayerVersionByArn({ Arn: foreign })).Version, 4);
      const read = (Arn: string) => lambda.getLayerVersionByArn({ Arn });
      await refuses(read(layerArn('a', 2)), GONE, 404, /^The resource you requested/);
      await refuses(read('a'), 'ValidationException', 400, /'a' at 'arn'/);
    },
  );
});

test('an upload may have a checksum of the whole, or none', async () => {
  await withClients({ seed: { buckets: { plain: {} } } }, async ({ s3 }) => {
    const upload = async (algorithm: object) => {
      const { UploadId } = await s3.createMultipartUpload({ ...AT, ...algorithm });
      const Body = 'abc';
      const ContentMD5 = createHash('md5').update(Body).digest('base64');
      const { ETag } = await s3.uploadPart({ ...AT, UploadId, PartNumber: 1, Body, ContentMD5 });
      const complete = (...Parts: object[]) =>
        s3.completeMultipartUpload({ ...AT, UploadId, MultipartUpload: { Parts } });
      await refuses(complete(), 'InvalidRequest', 400, 'You must specify at least one part');
      return complete({ PartNumber: 1, ETag });
    };
    const value = Buffer.alloc(4);
    value.writeUInt32BE(crc32('abc'));
    const whole = await upload({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    assert.equal([whole.ChecksumCRC32, whole.ChecksumType], [value.toString('base64'), 'FULL_OBJECT']);
    assert.is((await upload({})).ChecksumType, undefined);
    const alone = s3.createMultipartUpload({ ...AT, ChecksumType: 'FULL_OBJECT' });
    await refuses(
      alone,
      'InvalidRequest',
      400,
      /can only be used with the x-amz-checksum-algorithm header\.$/,
    );
    await refuses(
      s3.putObject({ ...AT, Body: 'a', ChecksumCRC64NVME: 'AAAAAAAAAAA=' }),
      'NotImplemented',
      501,
      /does not compute/,
    );
  });
});

test('chunks that are cut off, or lack what they announce, are refused', async () => {
  await withClients(
    { seed: { buckets: { plain: { objects: { k: Buffer.from('old') } } } } },
    async ({ stub, s3 }) => {
      const put = async (body: string, headers: Record<string, string>) => {
        const authorization = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-west-1/s3/aws4_request';
        const response = await fetch(`${stub.url}/plain/k`, {
          method: 'PUT',
          body,
          headers: { authorization, ...headers },
        });
        return /<Code>(\w+)</.exec(await response.text())?.[1] ?? response.status;
      };
      const chunked = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '3' };
      const trailer = { ...chunked, 'x-amz-trailer': 'x-amz-checksum-crc32' };
      assert.is(await put('3\r\nabc\r\n0\r\n\r\n', chunked), 200);
      assert.is(await put('3\r\nab', chunked), 'IncompleteBody');
      assert.is(await put('2\r\nab\r\n0\r\n\r\n', chunked), 'IncompleteBody');
      assert.is(await put('3\r\nabc\r\n0\r\n\r\n', trailer), 'MalformedTrailerError');
      assert.is(await put('3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', trailer), 'BadDigest');
      assert.is(await put('abc', { 'x-amz-content-sha256': '0'.repeat(64) }), 'XAmzContentSHA256Mismatch');
      const two = {
        'x-amz-checksum-crc32': 'NSRBwg==',
        'x-amz-checksum-sha1': 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=',
      };
      assert.is(await put('abc', two), 'InvalidRequest');
      assert.is(stub.state.buckets.get('plain')?.objects.get('k')?.at(-1)?.bytes.toString(), 'abc');
      await refuses(
        s3.getObject({ ...AT, VersionId: 'x' }),
        'NoSuchVersion',
        404,
        'The specified version does not exist.',
      );
    },
  );
});

test.run();
