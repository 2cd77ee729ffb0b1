import type { DeployedAlias, LambdaApi } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import type { PublishedItem } from '../publish-types.ts';
import { readPrevious } from './previous-version.ts';

/** The alias as it would be a step back, and why; nothing is changed. */
export interface Rollback {
  readonly functionName: string;
  readonly before: DeployedAlias;
  readonly after: DeployedAlias;
  readonly item: PublishedItem;
}

/**
 * Plans the way back: a canary is taken away, else the alias names the version again that it named before the last publish, or the
 * next lower one. Throws `NO_ROLLBACK` where there is none.
 */
export async function planRollback(lambda: LambdaApi, functionName: string, name: string): Promise<Rollback> {
  const before = await lambda.readAlias(functionName, name);
  if (before === null) throw new SlimError('NO_ROLLBACK', [name, `${functionName} has no such alias`]);
  if (before.extra !== null) return toRollback(functionName, before, { ...before, extra: null });
  const versions = (await lambda.listVersions(functionName)).map(({ version }) => version);
  const noted = readPrevious(before.description);
  const lower = versions.filter(version => Number(version) < Number(before.version)).at(-1);
  const version = noted !== null && versions.includes(noted) ? noted : lower;
  if (version === undefined)
    throw new SlimError('NO_ROLLBACK', [name, `there is no version before ${before.version}`]);
  const description = noted === null ? before.description : '';
  return toRollback(functionName, before, { ...before, version, description });
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
  const detail = before.extra
    ? `version ${after.version} alone; ${before.extra.version} gets no calls any more`
    : `version ${after.version} instead of ${before.version}`;
  const item = { what: 'alias', name: after.name, where: null, bytes: null, detail };
  return { functionName, before, after, item: { ...item, outcome: 'updated' } };
}
