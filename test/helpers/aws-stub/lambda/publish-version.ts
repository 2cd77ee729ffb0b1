import { randomUUID } from 'node:crypto';
import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { describe, describeBriefly } from './describe.ts';
import { findFunction } from './find.ts';
import { readMembers } from './members.ts';
import { toPage } from './pages.ts';
import { assertIdle, toLambdaDate } from './progress.ts';
import { invalid, staleRevision } from './refusals.ts';
import type { FunctionState, VersionState } from './state.ts';

export function publishVersion(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, ['CodeSha256', 'Description', 'RevisionId']);
  const { fn } = findFunction(call, state);
  assertIdle(fn);
  const { code, revisionId } = fn.latest;
  if (members.CodeSha256 && members.CodeSha256 !== code.sha256)
    throw invalid(
      `CodeSHA256 (${members.CodeSha256}) is different from current CodeSHA256 in $LATEST (${code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  if (members.RevisionId !== undefined && members.RevisionId !== revisionId) throw staleRevision();
  const version = publish(fn, (members.Description as string | undefined) ?? null);
  return json(201, describe(fn, version, version.version));
}

/** Makes a version of `$LATEST`, or gives the last one where nothing was changed since. */
export function publish(fn: FunctionState, description: string | null): VersionState {
  const last = fn.versions.at(-1);
  if (last && isSame(last, fn.latest)) return last;
  const { settings } = fn.latest;
  const version: VersionState = {
    ...fn.latest,
    version: String(Number(last?.version ?? 0) + 1),
    settings: { ...settings, Description: description ?? settings.Description },
    revisionId: randomUUID(),
    modified: toLambdaDate(new Date()),
  };
  fn.versions.push(version);
  fn.latest = { ...fn.latest, revisionId: randomUUID() };
  return version;
}

/** The description aside, which publishing can give. */
function isSame(one: VersionState, other: VersionState): boolean {
  const facts = ({ code, layers, settings }: VersionState): string =>
    JSON.stringify([
      code.sha256,
      layers.map(({ arn }) => arn),
      Object.entries({ ...settings, Description: '' }).sort(),
    ]);
  return facts(one) === facts(other);
}

export function listVersions(call: Call, state: AccountState): Reply {
  const { fn } = findFunction(call, state);
  const [page, NextMarker] = toPage([fn.latest, ...fn.versions], call, state.behaviour.pageItems);
  return json(200, {
    Versions: page.map(version => describeBriefly(fn, version, version.version)),
    NextMarker,
  });
}
