import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLambdaApi } from '../../src/aws/lambda/open-lambda-api.ts';
import type { CodeSource, LambdaApi, NewFunction, Patience } from '../../src/aws/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { type AwsStub, type AwsStubOptions, withAwsStub } from './aws-stub/aws-stub.ts';
import { zipOf } from './aws-stub/zip-of.ts';

export interface OpenedApi {
  readonly api: LambdaApi;
  readonly stub: AwsStub;
  readonly cancel: () => void;
  /** Writes a zip with these files, and names it as code. */
  readonly pack: (files: Parameters<typeof zipOf>[0]) => Promise<CodeSource>;
}

export const ROLE = 'arn:aws:iam::123456789012:role/lambda-role';
export const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:classify';

const QUICK = { pollMs: 1, waitMs: 5000, attempts: 3, silenceMs: 1000 };

/** Lambda's API over the SDK, for an account of the stub, with little patience. */
export function withLambdaApi<T>(
  options: AwsStubOptions,
  use: (opened: OpenedApi) => Promise<T>,
  patience: Partial<Patience> = {},
): Promise<T> {
  return withAwsStub(options, stub =>
    withTempDir(async dir => {
      const controller = new AbortController();
      const api = await openLambdaApi(stub.env, { ...QUICK, ...patience, signal: controller.signal });
      let packed = 0;
      const pack: OpenedApi['pack'] = async files => {
        const path = join(dir, `${++packed}.zip`);
        await writeFile(path, zipOf(files));
        return { kind: 'file', path };
      };
      return use({ api, stub, pack, cancel: () => controller.abort() });
    }),
  );
}

/** The least that a new function `classify` is made of. */
export function newFunction(code: CodeSource, more: Partial<NewFunction> = {}): NewFunction {
  return {
    name: 'classify',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    role: ROLE,
    arch: 'x64',
    code,
    tags: {},
    ...more,
  };
}

/** Names of the operations that were asked for, in order. */
export function operationsOf(stub: AwsStub): readonly string[] {
  return stub.requests.map(({ operation }) => operation);
}
