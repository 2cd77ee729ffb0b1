import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import * as assert from 'uvu/assert';
import { toClientConfig } from '../../../src/aws/client-config.ts';
import { type AwsStub, type AwsStubOptions, withAwsStub } from './aws-stub.ts';

/** A stub and the SDK's own clients for it; they ask once only, so that a refusal is seen. */
export interface Clients {
  readonly stub: AwsStub;
  readonly lambda: Lambda;
  readonly s3: S3;
  readonly iam: IAM;
  readonly gateway: ApiGatewayV2;
}

export async function withClients<T>(
  options: AwsStubOptions,
  use: (clients: Clients) => Promise<T>,
): Promise<T> {
  return withAwsStub(options, async stub => {
    const config = { ...toClientConfig(stub.env, 'ALL'), maxAttempts: 1 };
    const lambda = new Lambda(config);
    const s3 = new S3(config);
    const iam = new IAM(config);
    const gateway = new ApiGatewayV2(config);
    try {
      return await use({ stub, lambda, s3, iam, gateway });
    } finally {
      for (const client of [lambda, s3, iam, gateway]) client.destroy();
    }
  });
}

/** Asserts that a call is refused with this error, status and text, which may be a part of it. */
export async function refuses(
  call: Promise<unknown>,
  name: string,
  status: number,
  text: string | RegExp,
): Promise<void> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  assert.instance(outcome, Error, `Expected ${name}, but it was done`);
  const { name: actual, message, $metadata } = outcome as Error & { $metadata?: { httpStatusCode?: number } };
  assert.equal([actual, $metadata?.httpStatusCode], [name, status], message);
  if (typeof text === 'string') assert.is(message, text);
  else assert.match(message, text);
}

const ACCOUNT = '123456789012';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/lambda-role`;

export function layerArn(name: string, version: number, region = 'eu-west-1', account = ACCOUNT): string {
  return `arn:aws:lambda:${region}:${account}:layer:${name}:${version}`;
}
