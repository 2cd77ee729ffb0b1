import type { Account } from '../aws/types.ts';
import { splitArtifact } from '../layers/split-artifact.ts';
import { limits } from '../platform/limits.ts';
import type { Package, PublishPlan, PublishSettings, Release } from '../publish-types.ts';
import type { Context } from '../types.ts';
import { readEfs } from './efs/read-efs.ts';
import { measureDeployed } from './measure-deployed.ts';
import { planPublish } from './plan-publish.ts';
import { readState } from './read-state.ts';
import type { AccountState } from './types.ts';
import { listForeignLayers } from './want-layers.ts';

export interface Prepared {
  readonly plan: PublishPlan;
  readonly state: AccountState;
}

/**
 * Looks at the account, splits the artifact for it, and makes the plan. Nothing is written there. `worker` is the zip of the function
 * that syncs, for the target `efs`.
 */
export async function preparePublish(
  artifact: Package,
  settings: PublishSettings,
  account: Account,
  context: Context,
  worker: Package | null = null,
): Promise<Prepared> {
  const fn = await account.lambda.readFunction(settings.functionName);
  const room = limits.layers - listForeignLayers(fn, settings).length;
  const release: Release =
    settings.target === 'layer'
      ? await splitArtifact(artifact, { ...settings, maxLayers: Math.max(0, room) }, context)
      : { code: artifact, layers: [] };
  const found = await readState(account, fn, release, settings);
  const efs = settings.efs && (await readEfs({ account, fn, settings, context, worker, role: found.role }));
  const state = { ...found, efs };
  const request = { release, settings, region: account.region };
  const plan = planPublish({ ...request, state });
  const change = plan.steps.find(step => step.kind === 'switch')?.switch;
  if (!fn || !change?.code || !change.layers) return { plan, state };
  // Only now it matters how large both are, and what there was.
  const sized = { ...state, sizes: await measureDeployed(fn, state.layers, account.lambda, context) };
  return { plan: planPublish({ ...request, state: sized }), state: sized };
}
