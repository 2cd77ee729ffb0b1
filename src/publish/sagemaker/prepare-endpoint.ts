import { SlimError } from '../../errors.ts';
import { type SagemakerImage, toImageUri } from '../../platform/sagemaker-images.ts';
import type { Progress } from '../../types.ts';
import { isServing, planEndpoint } from './plan-endpoint.ts';
import type { EndpointSettings } from './settings.ts';
import type { EndpointAccount, EndpointPlan, EndpointState, ModelArchive, WantedEndpoint } from './types.ts';
import { wantEndpoint } from './want-endpoint.ts';

export interface EndpointRequest {
  readonly archive: ModelArchive;
  readonly image: SagemakerImage;
  readonly settings: EndpointSettings;
  /** Waits for what somebody else has under way; a dry run takes it as it is. */
  readonly waits: boolean;
}

/** Looks at the account and makes the plan; nothing is written there. Throws `ROLE_MISSING`, `SAGEMAKER_*`, `BUCKET_*`, `AWS_*`. */
export async function prepareEndpoint(
  { archive, image, settings, waits }: EndpointRequest,
  account: EndpointAccount,
  progress: Progress,
): Promise<EndpointPlan> {
  const uri = settings.image ?? toImageUri(image, account.region);
  const wanted = wantEndpoint(archive, settings, await findRole(account, settings.role), uri);
  const state = await readState(account, wanted, archive, waits, progress);
  return planEndpoint({ region: account.region, archive, wanted, state });
}

const MAKE_ROLE =
  'make one that trusts sagemaker.amazonaws.com (docs/sagemaker.md has its policy; --create-role makes roles for Lambda only)';

async function findRole({ roles }: EndpointAccount, role: string): Promise<string> {
  if (role.startsWith('arn:')) return role;
  const arn = await roles.find(role);
  if (arn === null) throw new SlimError('ROLE_MISSING', [role, MAKE_ROLE]);
  return arn;
}

/** What is as it should be is looked at once; only for what has to be made the parts are looked for. */
async function readState(
  { sagemaker, objects }: EndpointAccount,
  wanted: WantedEndpoint,
  { sha256, bytes }: ModelArchive,
  waits: boolean,
  progress: Progress,
): Promise<EndpointState> {
  const { name, bucket, key, model, config } = wanted;
  const endpoint = waits
    ? await sagemaker.waitUntilSettled(name, ({ status }) => progress.start(`${name}: ${status}`))
    : await sagemaker.readEndpoint(name);
  const nothing = { endpoint, hasModel: false, hasConfig: false, object: null };
  if (isServing(nothing, wanted)) return { ...nothing, hasModel: true, hasConfig: true };
  const [hasModel, hasConfig] = await Promise.all([
    sagemaker.hasModel(model.name),
    sagemaker.hasEndpointConfig(config.name),
  ]);
  const object = bucket === null || hasModel ? null : await objects.find(bucket, key, { bytes, sha256 });
  return { endpoint, hasModel, hasConfig, object };
}
