import type { AccountState } from '../state.ts';
import type { Call } from '../types.ts';
import { invalid, notFound } from './refusals.ts';
import type { FunctionState, VersionState } from './state.ts';

const NAME =
  /^(?:(?:arn:aws:lambda:(?<region>[a-z0-9-]+):)?(?<account>\d{12}):function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;

export interface Named {
  readonly fn: FunctionState;
  readonly qualifier: string | null;
}

/** The function that a call names by its name, a part of its ARN, or its ARN, and the qualifier wherever that is said. */
export function findFunction(call: Call, state: AccountState): Named {
  const text = call.params.FunctionName ?? '';
  const { name = '', region, account, qualifier: inName } = NAME.exec(text)?.groups ?? {};
  const inQuery = call.query.get('Qualifier');
  if (inName !== undefined && inQuery !== null && inName !== inQuery)
    throw invalid('The derived qualifier from the function name does not match the specified qualifier.');
  const elsewhere =
    (region ?? state.region) !== state.region || (account ?? state.accountId) !== state.accountId;
  const fn = elsewhere ? undefined : state.functions.get(name);
  if (!fn) throw notFound(`Function not found: ${toFunctionArn(state, name || text)}`);
  return { fn, qualifier: inName ?? inQuery };
}

export function toFunctionArn({ region, accountId }: AccountState, name: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** The version that a qualifier, an alias or a number, leads to. */
export function findVersion(fn: FunctionState, qualifier: string | null): VersionState {
  if (qualifier === null || qualifier === '$LATEST') return fn.latest;
  const alias = fn.aliases.get(qualifier);
  const isNumber = /^\d+$/.test(qualifier);
  if (!alias && !isNumber) throw notFound(`Cannot find alias arn: ${fn.arn}:${qualifier}`);
  const number = alias?.version ?? qualifier;
  if (number === '$LATEST') return fn.latest;
  const version = fn.versions.find(candidate => candidate.version === number);
  if (!version) throw notFound(`Function not found: ${fn.arn}:${qualifier}`);
  return version;
}
