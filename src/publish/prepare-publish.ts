import type { Account } from '../aws/types.ts';
import { splitArtifact } from '../layers/split-artifact.ts';
import { limits } from '../platform/limits.ts';
import type { Package, PublishPlan, PublishSettings, Release } from '../publish-types.ts';
import type { Context } from '../types.ts';
import { measureDeployed } from './measure-deployed.ts';
import { planPublish } from './plan-publish.ts';
import { readState } from './read-state.ts';
import type { AccountState } from './types.ts';
import { listForeignLayers } from './want-layers.ts';

export interface Prepared {
  readonly plan: PublishPlan;
  readonly state: AccountState;
}

/** Looks at the account, splits the artifact for it, and makes the plan. Nothing is written there. */
export async function preparePublish(
  artifact: Package,
  settings: PublishSettings,
  account: Account,
  context: Context,
): Promise<Prepared> {
  const fn = await account.lambda.readFunction(settings.functionName);
  const room = limits.layers - listForeignLayers(fn, settings).length;
  const release: Release =
    settings.target === 'zip'
      ? { code: artifact, layers: [] }
      : await splitArtifact(artifact, { ...settings, maxLayers: Math.max(0, room) }, context);
  const state = await readState(account, fn, release, settings);
  const request = { release, settings, region: account.region };
  const plan = planPublish({ ...request, state });
  const change = plan.steps.find(step => step.kind === 'switch')?.switch;
  if (!fn || !change?.code || !change.layers) return { plan, state };
  // Only now it matters how large both are, and what there was.
  const sized = { ...state, sizes: await measureDeployed(fn, state.layers, account.lambda, context) };
  return { plan: planPublish({ ...request, state: sized }), state: sized };
}
