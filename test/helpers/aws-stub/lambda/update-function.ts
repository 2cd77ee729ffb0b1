import { limits } from '../../../../src/platform/limits.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { checkTotal, findLayers, sumLayers } from './attach-layers.ts';
import { checkAssumable, checkVpcRights } from './check-role.ts';
import { checkSettings, checkTogether } from './check-settings.ts';
import { SETTINGS } from './create-function.ts';
import { describe } from './describe.ts';
import { findFunction } from './find.ts';
import { type Members, readMembers } from './members.ts';
import { assertIdle, beginUpdate } from './progress.ts';
import { publish } from './publish-version.ts';
import { invalid, staleRevision } from './refusals.ts';
import type { FunctionState, Settings } from './state.ts';
import { CODE_MEMBERS, takeCode } from './take-code.ts';

/** Layers that are attached leave less room for the code. `DryRun` checks all and changes nothing. */
export async function updateFunctionCode(call: Call, state: AccountState): Promise<Reply> {
  const members = readMembers(call.body, [
    ...CODE_MEMBERS,
    'Architectures',
    'Publish',
    'DryRun',
    'RevisionId',
  ]);
  const { fn } = findLatest(call, state);
  checkSettings(members, state);
  if (fn.latest.settings.PackageType === 'Image')
    throw invalid('Please provide ImageUri when updating a function with packageType Image.');
  const code = await takeCode(members, call, state, limits.unzippedBytes - sumLayers(fn.latest.layers));
  assertIdle(fn);
  checkRevision(members, fn);
  if (members.DryRun === true) return json(200, describe(fn, fn.latest));
  const archs = members.Architectures as readonly string[] | undefined;
  const settings = { ...fn.latest.settings, Architectures: archs ?? fn.latest.settings.Architectures };
  fn.latest = { ...fn.latest, code, settings };
  beginUpdate(fn, state.behaviour.updateLooks);
  const version = members.Publish === true ? publish(fn, null) : fn.latest;
  return json(200, describe(fn, version, members.Publish === true ? version.version : null));
}

export function updateFunctionConfiguration(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, [...SETTINGS, 'Layers', 'RevisionId']);
  const { fn } = findLatest(call, state);
  checkSettings(members, state);
  const settings = mergeSettings(fn.latest.settings, members);
  checkTogether(settings);
  const arns = members.Layers as readonly string[] | undefined;
  const layers = arns ? findLayers(arns, state) : fn.latest.layers;
  if (arns) checkTotal(layers, fn.latest.code.unzippedBytes);
  assertIdle(fn);
  checkRevision(members, fn);
  if (members.Role) checkAssumable(settings.Role, state);
  if (members.Role || members.VpcConfig) checkVpcRights(settings, state);
  fn.latest = { ...fn.latest, settings, layers };
  beginUpdate(fn, state.behaviour.updateLooks);
  return json(200, describe(fn, fn.latest));
}

function findLatest(call: Call, state: AccountState): { readonly fn: FunctionState } {
  const { fn, qualifier } = findFunction(call, state);
  if (qualifier !== null && qualifier !== '$LATEST') throw invalid('[stub] only $LATEST can be changed');
  return { fn };
}

function checkRevision({ RevisionId }: Members, { latest }: FunctionState): void {
  if (RevisionId !== undefined && RevisionId !== latest.revisionId) throw staleRevision();
}

function mergeSettings(before: Settings, members: Members): Settings {
  const given = SETTINGS.filter(name => name in members).map(name => [name, members[name]]);
  return { ...before, ...Object.fromEntries(given) };
}
