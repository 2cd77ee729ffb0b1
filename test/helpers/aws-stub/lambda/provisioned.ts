import type { AccountState } from '../state.ts';
import { type Call, json, NOTHING, Refusal, type Reply } from '../types.ts';
import { findFunction, findVersion } from './find.ts';
import { checkRequired, readMembers } from './members.ts';
import { toPage } from './pages.ts';
import { toLambdaDate } from './progress.ts';
import { lookAtProvisioned } from './provisioned-progress.ts';
import { conflict, invalid } from './refusals.ts';
import type { FunctionState, Provisioned } from './state.ts';

/** Of 1000 that an account has, 100 stay free for others. */
const MAX_PROVISIONED = 900;

export function putProvisioned(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, ['ProvisionedConcurrentExecutions']);
  const requested = members.ProvisionedConcurrentExecutions;
  checkRequired('provisionedConcurrentExecutions', requested, { min: 1 });
  const [fn, qualifier] = findQualified(
    call,
    state,
    'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
  );
  checkOthers(fn, qualifier);
  if (Number(requested) > MAX_PROVISIONED)
    throw invalid(
      "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    );
  const { provisionedLooks: looks } = state.behaviour;
  const failure = fn.provisioned.get(qualifier)?.failure ?? null;
  const made: Provisioned = {
    requested: Number(requested),
    looks,
    modified: toLambdaDate(new Date()),
    failure,
  };
  fn.provisioned.set(qualifier, made);
  return json(202, describe({ ...made, looks: Math.max(1, looks) }));
}

/** An alias and the version it names cannot both have it, and one that shares its calls cannot be changed. */
function checkOthers(fn: FunctionState, qualifier: string): void {
  const alias = fn.aliases.get(qualifier);
  if (!alias) {
    const byAlias = [...fn.aliases.values()].some(
      ({ name, version }) => version === qualifier && fn.provisioned.has(name),
    );
    if (byAlias) throw conflict('Version is pointed by a Provisioned Concurrency alias');
    return;
  }
  if (alias.version === '$LATEST')
    throw invalid('Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
  if (fn.provisioned.has(alias.version))
    throw conflict(
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    );
  if (Object.keys(alias.weights).length > 0) {
    lookAtProvisioned(fn, qualifier);
    throw invalid('Alias with weights can not be used with Provisioned Concurrency');
  }
}

export function getProvisioned(call: Call, state: AccountState): Reply {
  const text = 'The function resource provided must be an alias or a published version.';
  const [fn, qualifier] = findQualified(call, state, text);
  const found = fn.provisioned.get(qualifier);
  if (!found)
    throw new Refusal(
      404,
      'ProvisionedConcurrencyConfigNotFoundException',
      'No Provisioned Concurrency Config found for this function',
    );
  const reply = json(200, describe(found));
  lookAtProvisioned(fn, qualifier);
  return reply;
}

export function deleteProvisioned(call: Call, state: AccountState): Reply {
  const text = 'The function resource provided must be an alias or a published version.';
  const [fn, qualifier] = findQualified(call, state, text);
  fn.provisioned.delete(qualifier);
  return NOTHING;
}

export function listProvisioned(call: Call, state: AccountState): Reply {
  const { fn } = findFunction(call, state);
  const [page, NextMarker] = toPage([...fn.provisioned], call, state.behaviour.pageItems);
  const configs = page.map(([qualifier, found]) => ({
    FunctionArn: `${fn.arn}:${qualifier}`,
    ...describe(found),
  }));
  return json(200, { ProvisionedConcurrencyConfigs: configs, NextMarker });
}

function findQualified(call: Call, state: AccountState, refusal: string): readonly [FunctionState, string] {
  const { fn, qualifier } = findFunction(call, state);
  checkRequired('qualifier', qualifier);
  if (qualifier === null || qualifier === '$LATEST') throw invalid(refusal);
  findVersion(fn, qualifier);
  return [fn, qualifier];
}

function describe({ requested, looks, modified, failure }: Provisioned): object {
  const ready = looks === 0 && failure === null ? requested : 0;
  const status = looks > 0 ? 'IN_PROGRESS' : failure === null ? 'READY' : 'FAILED';
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: ready,
    AllocatedProvisionedConcurrentExecutions: ready,
    Status: status,
    ...(status === 'FAILED' ? { StatusReason: failure } : {}),
    LastModified: modified,
  };
}
