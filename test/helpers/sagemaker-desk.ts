import { type AwsStub, type AwsStubOptions, withAwsStub } from './aws-stub/aws-stub.ts';
import { type Ran, runFake } from './fake-io.ts';
import { type Files, withProject } from './project.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A model of PyTorch with its code, and a SavedModel. */
const PROJECT: Files = {
  'torch/model.pth': 'weights',
  'torch/code/inference.py': 'def model_fn(model_dir):\n    return 1\n',
  'saved/saved_model.pb': 'graph',
  'saved/variables/variables.index': 'index',
  'sample.json': '{"inputs":[1,2]}',
};

/** An account with a bucket and a role that SageMaker can take, a project, and the command line in it. */
export interface ModelDesk {
  readonly cwd: string;
  readonly stub: AwsStub;
  readonly publish: (...argv: readonly string[]) => Promise<Ran>;
  /** What was asked since the last time, `sagemaker` and `s3`, in words. */
  readonly takeCalls: (kind?: 'writes') => readonly string[];
}

export const ENDPOINT = [
  '--target',
  'sagemaker',
  '--endpoint',
  'classify',
  '--role',
  'sm',
  '--bucket',
  'models',
];

export function withModelDesk(
  use: (desk: ModelDesk) => Promise<void>,
  { seed, ...options }: AwsStubOptions = {},
  files: Files = {},
): Promise<void> {
  const seeded = { buckets: { models: {} }, roles: { sm: { trust: TRUST } }, ...seed };
  return withAwsStub({ ...options, seed: seeded }, stub =>
    withProject({ ...PROJECT, ...files }, cwd => {
      let taken = 0;
      return use({
        cwd,
        stub,
        publish: (...argv) => runFake(['publish', '--no-cache', ...argv], { cwd, env: stub.env }),
        takeCalls(kind) {
          const fresh = stub.requests.slice(taken);
          taken = stub.requests.length;
          return fresh
            .filter(({ isWrite }) => kind === undefined || isWrite)
            .map(({ operation }) => operation);
        },
      });
    }),
  );
}
