import { isDeepStrictEqual } from 'node:util';
import type { AliasConfiguration, CreateAliasRequest } from '@aws-sdk/client-lambda';
import { orNothing, takeIfDone } from '../aws-cause.ts';
import type { DeployedAlias } from '../types.ts';
import type { PatientLambda } from './open-lambda.ts';
import { retryConflict } from './retry-conflict.ts';

type NewAlias = Omit<DeployedAlias, 'revisionId'>;

/** Takes those away that an alias has. */
const NO_WEIGHTS = { RoutingConfig: { AdditionalVersionWeights: {} } };

/** Null where there is none of this name. */
export async function readAlias(
  { call }: PatientLambda,
  name: string,
  alias: string,
): Promise<DeployedAlias | null> {
  const found = await orNothing(
    call(`Reading the alias ${name}:${alias}`, (lambda, options) =>
      lambda.getAlias({ FunctionName: name, Name: alias }, options),
    ),
  );
  return found && toAlias(found);
}

/** One that is there already as it should be is taken for an answer that was lost. */
export async function createAlias(
  lambda: PatientLambda,
  name: string,
  alias: NewAlias,
): Promise<DeployedAlias> {
  const create = () =>
    lambda.call(`Creating the alias ${name}:${alias.name}`, (client, options) =>
      client.createAlias(toRequest(name, alias), options),
    );
  const written = retryConflict(lambda, name, create).then(toAlias);
  return takeIfDone(written, ['ResourceConflictException'], () => findSame(lambda, name, alias));
}

/** Throws where it was changed since it was read, unless to what it should be. */
export async function updateAlias(
  lambda: PatientLambda,
  name: string,
  alias: DeployedAlias,
): Promise<DeployedAlias> {
  const update = () =>
    lambda.call(`Moving the alias ${name}:${alias.name}`, (client, options) =>
      client.updateAlias({ ...NO_WEIGHTS, ...toRequest(name, alias), RevisionId: alias.revisionId }, options),
    );
  const written = retryConflict(lambda, name, update).then(toAlias);
  return takeIfDone(written, ['PreconditionFailedException'], () => findSame(lambda, name, alias));
}

async function findSame(
  lambda: PatientLambda,
  name: string,
  { name: alias, version, description, extra }: NewAlias,
): Promise<DeployedAlias | null> {
  const found = await readAlias(lambda, name, alias);
  if (found === null) return null;
  const { revisionId: _, ...there } = found;
  return isDeepStrictEqual(there, { name: alias, version, description, extra }) ? found : null;
}

function toRequest(name: string, { name: alias, version, description, extra }: NewAlias): CreateAliasRequest {
  return {
    FunctionName: name,
    Name: alias,
    FunctionVersion: version,
    Description: description,
    ...(extra ? { RoutingConfig: { AdditionalVersionWeights: { [extra.version]: extra.share } } } : {}),
  };
}

function toAlias(found: AliasConfiguration): DeployedAlias {
  const [extra] = Object.entries(found.RoutingConfig?.AdditionalVersionWeights ?? {});
  return {
    name: found.Name ?? '',
    version: found.FunctionVersion ?? '',
    description: found.Description ?? '',
    extra: extra ? { version: extra[0], share: extra[1] } : null,
    revisionId: found.RevisionId ?? '',
  };
}
