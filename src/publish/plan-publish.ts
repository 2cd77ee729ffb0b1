import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import type { PublishPlan, PublishSettings, PublishStep, Release, WantedLayer } from '../publish-types.ts';
import { deliver } from './deliver.ts';
import { wantedEnvironment } from './diff-configuration.ts';
import { noteEfs } from './efs/note-efs.ts';
import { planEfs, planSample } from './efs/plan-efs.ts';
import { findEnvironmentProblems } from './find-problems.ts';
import { noteState } from './note-state.ts';
import { planCleaning } from './plan-cleaning.ts';
import { planFront } from './plan-front.ts';
import { planRelease } from './plan-release.ts';
import { planLayers, planSending, planSwitch, planTags, planUpload } from './plan-switch.ts';
import { roleNameOf } from './read-state.ts';
import type { AccountState } from './types.ts';

export interface PlanRequest {
  readonly state: AccountState;
  readonly release: Release;
  readonly settings: PublishSettings;
  readonly region: string;
}

/**
 * What has to be done so that the account is as the settings say, in the order in which it may be done. What is as it should be has
 * no step, so a plan made after a failure is what is left. Throws `SlimError` for what AWS would refuse.
 */
export function planPublish({ state, release, settings, region }: PlanRequest): PublishPlan {
  refuseImpossible(state, release, settings, region);
  const layers = planLayers(state, release, settings);
  const change = planSwitch(layers, state, release, settings);
  const latest = state.fn && !change ? state.fn.configuration : null;
  const steps: readonly PublishStep[] = [
    ...planSending(layers, state, settings),
    ...planRole(state, settings),
    ...planEfs(state.efs, settings),
    ...(state.fn ? planChange(change) : planCreation(state, release, settings)),
    ...planTagging(layers, state, settings),
    ...planSample(settings),
    ...planRelease(latest, state.release, settings),
    ...planFront(state.front, state.fn?.configuration.arn ?? null, settings),
    ...planCleaning(layers, state, settings),
  ];
  return {
    settings,
    region,
    release,
    layers,
    steps,
    notes: [...noteState(state, settings), ...noteEfs(state, settings)],
  };
}

function planChange(change: ReturnType<typeof planSwitch>): readonly PublishStep[] {
  if (change === null) return [];
  const { code } = change.switch;
  return [...(code ? planUpload(code) : []), change];
}

function planCreation(
  state: AccountState,
  { code }: Release,
  settings: PublishSettings,
): readonly PublishStep[] {
  const delivery = deliver(code, settings, state.objects);
  return [...planUpload(delivery), { kind: 'create-function', delivery }];
}

/** A new function, and what syncs for it, need a role first. */
function planRole(state: AccountState, settings: PublishSettings): readonly PublishStep[] {
  if (state.fn) return [];
  const { role, createRole, functionName } = settings;
  if (role !== null && state.role === null) throw new SlimError('ROLE_MISSING', [role]);
  if (role === null && !createRole) throw new SlimError('ROLE_NEEDED', [functionName]);
  // Also where it is there: one that was left half-way gets its policy.
  return role === null ? [{ kind: 'create-role', name: roleNameOf(functionName) }] : [];
}

/** For a function that is made new, its tags are set as it is made, but for what proves its layers. */
function planTagging(
  layers: readonly WantedLayer[],
  state: AccountState,
  settings: PublishSettings,
): readonly PublishStep[] {
  const tags = state.fn ? planTags(layers, state, settings) : {};
  const ours = layers.some(({ kind }) => kind !== 'foreign');
  const isProven = state.fn !== null && layers.every(({ kind }) => kind !== 'new');
  const isProvable = ours && !isProven && state.fn?.tags !== null;
  return isProvable || Object.keys(tags).length > 0 ? [{ kind: 'tag', tags }] : [];
}

function refuseImpossible(
  { fn, role }: AccountState,
  { code, layers }: Release,
  settings: PublishSettings,
  region: string,
): void {
  if (fn?.configuration.packageType === 'Image')
    throw new SlimError('FUNCTION_IS_IMAGE', [settings.functionName]);
  if (fn && settings.role !== null && role === null) throw new SlimError('ROLE_MISSING', [settings.role]);
  if (fn?.configuration.environment === null && wantedEnvironment(settings, null) !== null)
    throw new SlimError('ENVIRONMENT_UNREADABLE', [settings.functionName, 'KMS refused']);
  const bytes = [code, ...layers].reduce((sum, { unzippedBytes }) => sum + unzippedBytes, 0);
  const environment = fn && wantedEnvironment(settings, fn.configuration.environment);
  const problems = [
    ...findEnvironmentProblems(environment ?? {}),
    ...settings.layers.attach
      .filter(arn => arn.split(':')[3] !== region)
      .map(arn => `${arn} lies in another region than the function, which is in ${region}`),
    ...(bytes < limits.unzippedBytes
      ? []
      : [`code and layers have ${bytes} bytes unzipped, and it has to be less than ${limits.unzippedBytes}`]),
  ];
  if (problems.length > 0) throw new SlimError('PUBLISH_SETTING', [problems]);
}
