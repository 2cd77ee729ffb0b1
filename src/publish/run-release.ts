import { isAwsError } from '../aws/aws-cause.ts';
import type { DeployedAlias, DeployedConfiguration } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import { isSameLatest } from './is-same-latest.ts';
import { describePrevious, isFreeDescription } from './previous-version.ts';
import { functionArn, type RunStep, type World } from './world.ts';

/** Makes a version of `$LATEST`; where AWS has an equal one already, that is it. */
export const runPublishVersion: RunStep<'publish-version'> = async (_step, world) => {
  const { state, latest } = world;
  const made = await publishLatest(world);
  const { released, canary } = state.release;
  const isOld = [released, canary].some(version => version?.version === made.version);
  return {
    world: { ...world, version: made.version },
    item: {
      what: 'version',
      name: made.version,
      outcome: isOld ? 'reused' : 'created',
      where: `${latest?.arn ?? made.arn}:${made.version}`,
      bytes: null,
      detail: null,
    },
  };
};

/** AWS may count a revision where nothing was changed; so often it is looked at anew. */
const MAX_LOOKS = 5;

/** Makes a version of `$LATEST` as this run has left it. Throws `PUBLISHED_MEANWHILE` where somebody else has changed anything of it. */
async function publishLatest({ account, plan, latest }: World): Promise<DeployedConfiguration> {
  const { lambda } = account;
  const name = plan.settings.functionName;
  const { codeSha256 } = plan.release.code;
  for (let [look, now] = [1, latest]; ; look++) {
    try {
      return await lambda.publishVersion(name, codeSha256, now?.revisionId ?? null);
    } catch (error) {
      if (!isAwsError(error, 'PreconditionFailedException') || look === MAX_LOOKS) throw error;
      now = (await lambda.readFunction(name))?.configuration ?? null;
      if (!isSameLatest(now, latest)) throw new SlimError('PUBLISHED_MEANWHILE', [name], { cause: error });
    }
  }
}

/** Lets an alias name the version, or gives that a share of the calls. */
export const runMoveAlias: RunStep<'move-alias'> = async ({ alias: name, weight, isNew }, world) => {
  const { account, plan, state } = world;
  const { functionName } = plan.settings;
  // Where no version was made just now, the newest is named already.
  const version = world.version ?? state.release.released?.version ?? null;
  if (version === null) throw new Error('a version is made before an alias names it');
  const before = state.release.alias;
  const wanted = { name, version, extra: null, description: '' };
  if (isNew || before === null) await account.lambda.createAlias(functionName, wanted);
  else if (weight === null || before.version === version)
    await account.lambda.updateAlias(functionName, {
      ...before,
      version,
      extra: null,
      description: nextDescription(before, version),
    });
  else await account.lambda.updateAlias(functionName, { ...before, extra: { version, share: weight / 100 } });
  const share =
    weight === null || before === null ? '' : `, ${weight}% of the calls; the rest stay at ${before.version}`;
  return {
    world,
    item: {
      what: 'alias',
      name,
      outcome: isNew ? 'created' : 'updated',
      where: `${functionArn(world)}:${name}`,
      bytes: null,
      detail: `version ${version}${share}`,
    },
  };
};

/** Notes the way back, unless somebody wrote something of their own there. */
function nextDescription({ description, version }: DeployedAlias, next: string): string {
  return isFreeDescription(description) && version !== next ? describePrevious(version, next) : description;
}

/**
 * Asks for provisioned concurrency and waits until it is there. Instances that an alias has already move with it, and only then the
 * number may be changed.
 */
export const runProvision: RunStep<'provision'> = async ({ alias, count, follows }, world) => {
  const { account, plan, progress, state } = world;
  const { lambda } = account;
  const name = plan.settings.functionName;
  progress.start(`Starting ${count} instances`);
  if (!follows) {
    // An alias that was moved just now may have set off again what had failed.
    const before = state.release.provisioned && (await lambda.readProvisioned(name, alias));
    if (before && before.status !== 'failed') await lambda.waitUntilProvisioned(name, alias);
    await lambda.putProvisioned(name, alias, count);
  }
  const has = await lambda.waitUntilProvisioned(name, alias);
  progress.done();
  return {
    world,
    item: {
      what: 'concurrency',
      name: alias,
      outcome: 'updated',
      where: null,
      bytes: null,
      detail: `${has.available} of ${has.requested} provisioned`,
    },
  };
};
