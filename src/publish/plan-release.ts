import { isDeepStrictEqual } from 'node:util';
import type { DeployedConfiguration } from '../aws/types.ts';
import type { PublishSettings, PublishStep } from '../publish-types.ts';
import type { ReleaseState } from './types.ts';

/** Steps that make a version of `$LATEST` and let an alias name it. `latest` is null where it changes, or is made, by an earlier step. */
export function planRelease(
  latest: DeployedConfiguration | null,
  state: ReleaseState,
  { release }: PublishSettings,
): readonly PublishStep[] {
  const { alias, weight, version, provisionedConcurrency: count } = release;
  const isReleased = latest !== null && state.released !== null && isSameVersion(latest, state.released);
  if (alias === null) return version && !isReleased ? [{ kind: 'publish-version' }] : [];
  const steps: PublishStep[] = [];
  if (!isAliasRight(latest, state, isReleased, weight)) {
    if (!isReleased) steps.push({ kind: 'publish-version' });
    steps.push({
      kind: 'move-alias',
      alias,
      weight: state.alias ? weight : null,
      isNew: state.alias === null,
    });
  }
  const has = state.provisioned;
  const isProvisioned = has?.requested === count && has?.status === 'ready';
  const follows = has?.requested === count && has?.status !== 'failed';
  if (count !== null && (!isProvisioned || steps.length > 0))
    steps.push({ kind: 'provision', alias, count, follows });
  return steps;
}

function isAliasRight(
  latest: DeployedConfiguration | null,
  state: ReleaseState,
  isReleased: boolean,
  weight: number | null,
): boolean {
  const { alias, canary } = state;
  if (alias === null || latest === null) return false;
  if (isReleased) return alias.extra === null || isMoving(state);
  const share = alias.extra?.share ?? null;
  return canary !== null && weight !== null && share === weight / 100 && isSameVersion(latest, canary);
}

/** While provisioned instances follow an alias, Lambda itself keeps all calls at the old version by a weight of 1. */
function isMoving({ alias, provisioned }: ReleaseState): boolean {
  return alias?.extra?.share === 1 && provisioned?.status === 'in-progress';
}

/** True where a version would be no other than the one there is. */
function isSameVersion(a: DeployedConfiguration, b: DeployedConfiguration): boolean {
  return isDeepStrictEqual(facts(a), facts(b));
}

/** What a version is made of: its description may be its own. */
function facts({ layers, ...rest }: DeployedConfiguration) {
  const { arn: _a, version: _v, revisionId: _r, failure: _f, description: _d, ...facts } = rest;
  return { ...facts, layers: layers.map(({ arn }) => arn) };
}
