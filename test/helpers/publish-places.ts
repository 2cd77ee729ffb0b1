import { createHash } from 'node:crypto';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { toClientConfig } from '../../src/aws/client-config.ts';
import { withAwsStub } from './aws-stub/aws-stub.ts';
import { withMoto } from './moto.ts';
import { isWrite, type PassedCall, withRecordingProxy } from './recording-proxy.ts';

type Env = Readonly<Record<string, string>>;

/** An account to publish to, with a bucket `code` that keeps versions, and what was put into it. */
export interface Place {
  readonly env: Env;
  readonly lambda: Lambda;
  readonly s3: S3;
  /** The writing calls so far, in words. */
  readonly writes: () => readonly string[];
  /** Bytes of the code, or of the layer, that the account says it has. */
  readonly fetchCode: (name: string, qualifier: string) => Promise<Buffer>;
  readonly fetchLayer: (arn: string) => Promise<Buffer>;
}

type Clients = Pick<Place, 'lambda' | 's3'>;

/** Our strict stub, which serves what it got at the presigned URLs. */
export function onStub<T>(use: (place: Place) => Promise<T>): Promise<T> {
  return withAwsStub({ seed: { buckets: { code: { versioned: true } } } }, stub =>
    withClients(stub.env, clients =>
      use({
        ...clients,
        env: stub.env,
        writes: () =>
          stub.requests
            .filter(({ isWrite: writes }) => writes)
            .map(({ operation, target }) => `${operation} ${target}`),
        fetchCode: async (FunctionName, Qualifier) => {
          const { Code } = await clients.lambda.getFunction({ FunctionName, Qualifier });
          return download(Code?.Location);
        },
        fetchLayer: async Arn => {
          const { Content } = await clients.lambda.getLayerVersionByArn({ Arn });
          return download(Content?.Location);
        },
      }),
    ),
  );
}

/**
 * Moto, which says by CodeSha256 what it stores and hands none of it out: its `Location` leads to AWS itself. So the bytes are those
 * that it was sent with that digest.
 */
export function onMoto<T>(use: (place: Place) => Promise<T>): Promise<T> {
  return withMoto(upstream =>
    withRecordingProxy(upstream.AWS_ENDPOINT_URL ?? '', (url, calls) => {
      const env = { ...upstream, AWS_ENDPOINT_URL: url };
      return withClients(env, async clients => {
        await makeBucket(clients.s3);
        const before = calls.filter(isWrite).length;
        return use({
          ...clients,
          env,
          writes: () =>
            calls
              .filter(isWrite)
              .slice(before)
              .map(({ method, path }) => `${method} ${path}`),
          fetchCode: async (FunctionName, Qualifier) => {
            const { CodeSha256 } = await clients.lambda.getFunctionConfiguration({ FunctionName, Qualifier });
            return findSent(calls, CodeSha256);
          },
          fetchLayer: async arn => {
            // By its ARN alone moto does not find one.
            const [LayerName = '', version] = arn.split(':').slice(-2);
            const VersionNumber = Number(version);
            const { Content } = await clients.lambda.getLayerVersion({ LayerName, VersionNumber });
            return findSent(calls, Content?.CodeSha256);
          },
        });
      });
    }),
  );
}

async function withClients<T>(env: Env, use: (clients: Clients) => Promise<T>): Promise<T> {
  const config = toClientConfig(env, 'ALL');
  const clients = { lambda: new Lambda(config), s3: new S3(config) };
  try {
    return await use(clients);
  } finally {
    clients.lambda.destroy();
    clients.s3.destroy();
  }
}

async function makeBucket(s3: S3): Promise<void> {
  const location = { LocationConstraint: 'eu-west-1' } as const;
  await s3.createBucket({ Bucket: 'code', CreateBucketConfiguration: location });
  await s3.putBucketVersioning({ Bucket: 'code', VersioningConfiguration: { Status: 'Enabled' } });
}

async function download(url: string | undefined): Promise<Buffer> {
  const response = await fetch(url ?? '');
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

function findSent(calls: readonly PassedCall[], codeSha256: string | undefined): Buffer {
  for (const call of calls.filter(isWrite)) {
    const zip = readZip(call);
    if (zip && createHash('sha256').update(zip).digest('base64') === codeSha256) return zip;
  }
  throw new Error(`nothing with the CodeSha256 ${codeSha256} was sent`);
}

/** The archive in a call of Lambda's. */
function readZip({ body }: PassedCall): Buffer | null {
  if (body[0] !== '{'.charCodeAt(0)) return null;
  const { ZipFile, Code, Content } = JSON.parse(body.toString()) as Readonly<
    Record<'ZipFile' | 'Code' | 'Content', unknown>
  >;
  const archive = ZipFile ?? readField(Code) ?? readField(Content);
  return typeof archive === 'string' ? Buffer.from(archive, 'base64') : null;
}

function readField(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'ZipFile' in value ? value.ZipFile : null;
}
