import { SlimError } from '../errors.ts';
import type { PublishedItem, PublishPlan, PublishReport, PublishStep } from '../publish-types.ts';
import { runCopy } from './efs/run-copy.ts';
import { runSample } from './efs/run-sample.ts';
import { runSendBundle } from './efs/run-send-bundle.ts';
import { runSync } from './efs/run-sync.ts';
import { runSyncFunction } from './efs/run-sync-function.ts';
import { describeStep } from './list-calls.ts';
import { runDeleteLayer, runHttpApi, runUrl, urlsOfApi } from './run-front.ts';
import { runCreateFunction, runCreateRole, runPublishLayer, runTag } from './run-function.ts';
import { runMoveAlias, runProvision, runPublishVersion } from './run-release.ts';
import { runSwitch } from './run-switch.ts';
import { runUpload } from './run-upload.ts';
import { sameItems } from './same-items.ts';
import type { RunStep, Start, StepOutcome, World } from './world.ts';

const RUNNERS: { readonly [K in PublishStep['kind']]: RunStep<K> } = {
  'create-role': runCreateRole,
  upload: runUpload,
  'publish-layer': runPublishLayer,
  'send-bundle': runSendBundle,
  'sync-function': runSyncFunction,
  sync: runSync,
  copy: runCopy,
  sample: runSample,
  'create-function': runCreateFunction,
  switch: runSwitch,
  tag: runTag,
  'publish-version': runPublishVersion,
  'move-alias': runMoveAlias,
  provision: runProvision,
  url: runUrl,
  'http-api': runHttpApi,
  'delete-layer': runDeleteLayer,
};

/**
 * Does what a plan says, step by step. Throws `PUBLISH_INCOMPLETE` with what was done and what was not; a new plan, of what is there
 * then, completes it.
 */
export async function runPublish(plan: PublishPlan, start: Start): Promise<PublishReport> {
  let world = toWorld(plan, start);
  const items: PublishedItem[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const left = plan.steps.slice(index);
    const isAsked = world.guard.isAsked();
    if (isAsked && index === 0) throw new SlimError('CANCELLED', []);
    try {
      if (isAsked) throw new SlimError('CANCELLED', []);
      const outcome = await runStep(step, world);
      world = outcome.world;
      items.push(outcome.item);
    } catch (error) {
      throw explainStop(error, items, left, plan);
    }
  }
  return toReport(world, items);
}

function toWorld(plan: PublishPlan, start: Start): World {
  const { fn, role } = start.state;
  const nothing = { uploaded: new Map(), layers: new Map(), version: null, urls: [], answer: null };
  return { ...start, ...nothing, publish: runPublish, plan, latest: fn?.configuration ?? null, role };
}

function runStep(step: PublishStep, world: World): Promise<StepOutcome> {
  // The table has for each kind what takes that kind.
  return (RUNNERS[step.kind] as RunStep<PublishStep['kind']>)(step, world);
}

/** What says all by itself stays as it is. */
function explainStop(
  error: unknown,
  items: readonly PublishedItem[],
  left: readonly PublishStep[],
  plan: PublishPlan,
): unknown {
  if (!(error instanceof SlimError) || error.code === 'SWITCH_HALF_DONE') return error;
  const done = items.map(({ outcome, what, name }) => `${what} ${name} ${outcome}`);
  const rest = left.map(step => describeStep(step, plan));
  const reason = /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
  return new SlimError('PUBLISH_INCOMPLETE', [done, rest, reason, error.hint], { cause: error });
}

function toReport(world: World, items: readonly PublishedItem[]): PublishReport {
  const { plan } = world;
  const all = [...items, ...sameItems(world, items)];
  return {
    functionName: plan.settings.functionName,
    region: plan.region,
    items: all,
    urls: [...new Set([...world.urls, ...presentUrls(world)])],
    notes: plan.notes,
    sentBytes: all.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    answer: world.answer,
  };
}

/** What answered HTTP before already. */
function presentUrls({ plan, state }: World): readonly string[] {
  const { url, httpApi } = plan.settings.front;
  const api = state.front.httpApi?.api;
  return [
    ...(url && state.front.url ? [state.front.url.url] : []),
    ...(httpApi && api ? urlsOfApi(api, httpApi.routes) : []),
  ];
}
