import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { invalid, readInput, readName } from './input.ts';

const TRUSTED = 'sagemaker.amazonaws.com';

/** The words of the refusals are recorded where facts have them; `[stub]` marks ours. */
export function createModel(call: Call, state: AccountState): Reply {
  const input = readInput(call, ['ModelName', 'ExecutionRoleArn', 'PrimaryContainer', 'Tags']);
  const name = readName(input, 'ModelName');
  const { models } = state.sagemaker;
  const arn = toArn(state, 'model', name);
  if (models.has(name)) throw invalid(`Cannot create already existing model "${arn}".`);
  const roleArn = String(input.ExecutionRoleArn);
  checkRole(roleArn, state);
  const { Image, ModelDataUrl, Environment } = input.PrimaryContainer as {
    Image: string;
    ModelDataUrl: string;
    Environment?: Record<string, string>;
  };
  checkImage(Image, state);
  checkArchive(ModelDataUrl, state);
  models.set(name, { name, image: Image, archive: ModelDataUrl, roleArn, environment: Environment ?? {} });
  return json(200, { ModelArn: arn });
}

export function describeModel(call: Call, state: AccountState): Reply {
  const name = readName(readInput(call, ['ModelName']), 'ModelName');
  const model = state.sagemaker.models.get(name);
  if (!model) throw invalid(`Could not find model "${toArn(state, 'model', name)}".`);
  return json(200, {
    ModelName: name,
    ModelArn: toArn(state, 'model', name),
    ExecutionRoleArn: model.roleArn,
    PrimaryContainer: {
      Image: model.image,
      ModelDataUrl: model.archive,
      Environment: model.environment,
    },
    CreationTime: 0,
  });
}

export function toArn({ region, accountId }: AccountState, kind: string, name: string): string {
  return `arn:aws:sagemaker:${region}:${accountId}:${kind}/${name.toLowerCase()}`;
}

function checkRole(arn: string, { roles }: AccountState): void {
  const role = roles.get(arn.split('/').at(-1) ?? '');
  if (!role?.trust.includes(TRUSTED))
    throw invalid(
      `Could not assume role ${arn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`,
    );
}

function checkImage(image: string, { region }: AccountState): void {
  if (!new RegExp(`^\\d{12}\\.dkr\\.ecr\\.${region}\\.amazonaws\\.com(\\.cn)?/[^:]+:[\\w.-]+$`).test(image))
    throw invalid(
      `[stub] Using non-ECR image "${image}" without Vpc repository access mode is not supported.`,
    );
}

function checkArchive(url: string, { buckets }: AccountState): void {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (!buckets.get(bucket)?.objects.has(key))
    throw invalid(
      `Could not access model data at ${url}. Please ensure that the role has permission to perform s3:GetObject, and that the object exists.`,
    );
}
