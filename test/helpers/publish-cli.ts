import { type AwsStub, type AwsStubOptions, withAwsStub } from './aws-stub/aws-stub.ts';
import { zipOf } from './aws-stub/zip-of.ts';
import { type Ran, runFake } from './fake-io.ts';
import { type Files, withProject } from './project.ts';

export const CODE = 'export const handler = async () => 1;\n';
export const GOOD = zipOf({ 'index.mjs': CODE });

const PROJECT: Files = {
  'package.json': '{"type":"module"}',
  'index.js': CODE,
  'good.zip': GOOD,
  'folder/index.mjs': CODE,
  'damaged.zip': GOOD.subarray(0, GOOD.length - 30),
  'secret.zip': zipOf({ 'index.mjs': CODE, '.env': 'KEY=1' }),
  'fat.zip': zipOf({ 'index.mjs': CODE, 'model.bin': { claims: 300_000_000 } }),
  'function.zip': GOOD,
  'function.manifest.json': '{"handler":"index.handler","runtime":"nodejs22.x","arch":"x64"}',
};

/** An account, a project, and the command line in it. */
export interface Desk {
  readonly cwd: string;
  readonly stub: AwsStub;
  readonly publish: (...argv: readonly string[]) => Promise<Ran>;
  /** What was asked of AWS, in words. */
  readonly calls: (kind?: 'writes') => readonly string[];
}

export function withDesk(
  use: (desk: Desk) => Promise<void>,
  files: Files = {},
  options: AwsStubOptions = {},
): Promise<void> {
  return withAwsStub(options, stub =>
    withProject({ ...PROJECT, ...files }, cwd =>
      use({
        cwd,
        stub,
        publish: (...argv) => runFake(['publish', '--no-cache', ...argv], { cwd, env: stub.env }),
        calls: kind =>
          stub.requests
            .filter(({ isWrite }) => kind === undefined || isWrite)
            .map(({ operation }) => operation),
      }),
    ),
  );
}

/** A zip that lambda-slim built, under a name. */
export const FN = ['function.zip', '--function-name', 'api'];
/** What a manifest would say. */
export const PLATFORM = ['--handler', 'index.handler', '--runtime', 'nodejs22.x', '--arch', 'x64'];
