import { randomUUID } from 'node:crypto';
import type { AccountState } from '../state.ts';
import { type Call, json, NOTHING, type Refusal, type Reply } from '../types.ts';
import { findFunction, findVersion } from './find.ts';
import { check, checkRequired, type Members, readMembers } from './members.ts';
import { toPage } from './pages.ts';
import { lookAtProvisioned, moveProvisioned } from './provisioned-progress.ts';
import { conflict, invalid, notFound, staleRevision, unsatisfied } from './refusals.ts';
import type { Alias, FunctionState } from './state.ts';

const CHANGES = ['FunctionVersion', 'Description', 'RoutingConfig'];
const NAME = /(?!^[0-9]+$)([a-zA-Z0-9-_]+)/;
const VERSION = /\$LATEST|[0-9]+/;

export function createAlias(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, ['Name', ...CHANGES]);
  checkRequired('name', members.Name, { pattern: NAME, max: 128 });
  checkRequired('functionVersion', members.FunctionVersion, { pattern: VERSION });
  check('description', members.Description, { max: 256 });
  const { fn } = findFunction(call, state);
  const [name, version] = [String(members.Name), String(members.FunctionVersion)];
  findVersion(fn, version);
  if (fn.aliases.has(name)) throw conflict(`Alias already exists: ${fn.arn}:${name}`);
  const weights = readWeights(fn, members, version) ?? {};
  const description = String(members.Description ?? '');
  const alias: Alias = { name, version, description, weights, isMoving: false, revisionId: randomUUID() };
  fn.aliases.set(name, alias);
  return json(201, describeAlias(fn, alias));
}

export function updateAlias(call: Call, state: AccountState): Reply {
  const members = readMembers(call.body, [...CHANGES, 'RevisionId']);
  const { fn } = findFunction(call, state);
  const alias = fn.aliases.get(call.params.Name ?? '');
  if (!alias) throw notFound(`Alias not found: ${fn.arn}:${call.params.Name}`);
  if (members.RevisionId !== undefined && members.RevisionId !== alias.revisionId) throw staleRevision();
  check('functionVersion', members.FunctionVersion, { pattern: VERSION });
  check('description', members.Description, { max: 256 });
  const version = String(members.FunctionVersion ?? alias.version);
  findVersion(fn, version);
  const kept = alias.isMoving && version !== alias.version ? {} : alias.weights;
  const weights = readWeights(fn, members, version) ?? kept;
  if (version in weights) throw alreadyIncluded(version);
  const description = String(members.Description ?? alias.description);
  const before = alias.version;
  Object.assign(alias, { version, weights, description, revisionId: randomUUID() });
  moveProvisioned(fn, alias, before, state.behaviour.provisionedLooks);
  return json(200, describeAlias(fn, alias));
}

function alreadyIncluded(version: string): Refusal {
  return invalid(
    `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
  );
}

/** Null where nothing is said of it, and what was there stays. */
function readWeights(
  fn: FunctionState,
  { RoutingConfig }: Members,
  version: string,
): Readonly<Record<string, number>> | null {
  const config = RoutingConfig as { AdditionalVersionWeights?: Record<string, number> } | undefined;
  if (config === undefined) return null;
  const weights = config.AdditionalVersionWeights ?? {};
  const at = 'routingConfig.additionalVersionWeights';
  if (Object.keys(weights).length > 1)
    throw invalid('Number of items in AdditionalVersionWeights cannot be greater than 1');
  for (const [key, value] of Object.entries(weights)) {
    if (value < 0 || value > 1)
      throw unsatisfied(
        `{${key}=${value}}`,
        at,
        'Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]',
      );
    if (key === version) throw alreadyIncluded(version);
    if (version === '$LATEST')
      throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
    check(at, key, { pattern: /[0-9]+/ });
    findVersion(fn, key);
  }
  return weights;
}

export function getAlias(call: Call, state: AccountState): Reply {
  const { fn } = findFunction(call, state);
  const alias = fn.aliases.get(call.params.Name ?? '');
  if (!alias) throw notFound(`Cannot find alias arn: ${fn.arn}:${call.params.Name}`);
  const reply = json(200, describeAlias(fn, alias));
  lookAtProvisioned(fn, alias.name);
  return reply;
}

export function listAliases(call: Call, state: AccountState): Reply {
  const { fn } = findFunction(call, state);
  const of = call.query.get('FunctionVersion');
  const all = [...fn.aliases.values()].filter(({ version }) => of === null || version === of);
  const [page, NextMarker] = toPage(all, call, state.behaviour.pageItems);
  return json(200, { Aliases: page.map(alias => describeAlias(fn, alias)), NextMarker });
}

/** With all that hangs on it; one that is not there is no error. */
export function deleteAlias(call: Call, state: AccountState): Reply {
  const { fn } = findFunction(call, state);
  const name = call.params.Name ?? '';
  for (const things of [fn.aliases, fn.urls, fn.policies, fn.provisioned]) things.delete(name);
  return NOTHING;
}

function describeAlias(fn: FunctionState, alias: Alias): object {
  const { name, version, description, weights, revisionId } = alias;
  return {
    AliasArn: `${fn.arn}:${name}`,
    Name: name,
    FunctionVersion: version,
    Description: description,
    RevisionId: revisionId,
    ...(Object.keys(weights).length > 0 ? { RoutingConfig: { AdditionalVersionWeights: weights } } : {}),
  };
}
