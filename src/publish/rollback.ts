import type { DeployedAlias, LambdaApi } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import type { PublishedItem } from '../publish-types.ts';
import { isFreeDescription, readPrevious } from './previous-version.ts';

/** The alias as it would be a step back, and why; nothing is changed. */
export interface Rollback {
  readonly functionName: string;
  readonly before: DeployedAlias;
  readonly after: DeployedAlias;
  readonly item: PublishedItem;
}

/**
 * Plans the way back: a canary is taken away, else the alias names the version again that it named before the last publish, or the
 * next lower one. While provisioned instances follow an alias, Lambda keeps all calls at the old version by a weight of 1: that one
 * is the way back. Throws `NO_ROLLBACK` where there is none.
 */
export async function planRollback(lambda: LambdaApi, functionName: string, name: string): Promise<Rollback> {
  const before = await lambda.readAlias(functionName, name);
  if (before === null) throw new SlimError('NO_ROLLBACK', [name, `${functionName} has no such alias`]);
  const { extra } = before;
  if (extra !== null && extra.share < 1) return toRollback(functionName, before, { ...before, extra: null });
  const version = extra?.version ?? (await findBefore(lambda, functionName, before));
  if (version === null)
    throw new SlimError('NO_ROLLBACK', [name, `there is no version before ${before.version}`]);
  const description = isFreeDescription(before.description) ? '' : before.description;
  return toRollback(functionName, before, { ...before, version, extra: null, description });
}

/** The version that the alias named before, or the next lower one. */
async function findBefore(
  lambda: LambdaApi,
  functionName: string,
  { version: current, description }: DeployedAlias,
): Promise<string | null> {
  const versions = (await lambda.listVersions(functionName)).map(({ version }) => version);
  const noted = readPrevious(description, current);
  if (noted !== null && versions.includes(noted)) return noted;
  return versions.filter(version => Number(version) < Number(current)).at(-1) ?? null;
}

/** Moves the alias back. */
export async function runRollback(
  lambda: LambdaApi,
  { functionName, after, item }: Rollback,
): Promise<PublishedItem> {
  await lambda.updateAlias(functionName, after);
  return item;
}

function toRollback(functionName: string, before: DeployedAlias, after: DeployedAlias): Rollback {
  const detail =
    before.version === after.version && before.extra
      ? `version ${after.version} alone; ${before.extra.version} gets no calls any more`
      : `version ${after.version} instead of ${before.version}`;
  const item = { what: 'alias', name: after.name, where: null, bytes: null, detail };
  return { functionName, before, after, item: { ...item, outcome: 'updated' } };
}
