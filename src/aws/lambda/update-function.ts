import type { Arch } from '../../types.ts';
import type { CodeSource, ConfigurationChanges, DeployedConfiguration } from '../types.ts';
import type { PatientLambda } from './open-lambda.ts';
import { readCode } from './read-code.ts';
import { retryConflict, retryNewRole } from './retry-conflict.ts';
import { toDeployed } from './to-deployed.ts';
import { toArchitecture, toSettings } from './to-request.ts';

/** Gives `$LATEST` another archive. The update is still in progress then. */
export async function updateCode(
  lambda: PatientLambda,
  name: string,
  code: CodeSource,
  arch: Arch,
): Promise<DeployedConfiguration> {
  const { fields } = await readCode(code);
  const request = { FunctionName: name, ...fields, Architectures: [toArchitecture(arch)] };
  const update = () =>
    lambda.call(`Updating the code of ${name}`, (client, options) =>
      client.updateFunctionCode(request, options),
    );
  return toDeployed(await retryConflict(lambda, name, update));
}

/** Changes what is named of the configuration of `$LATEST`. The update is still in progress then. */
export async function updateConfiguration(
  lambda: PatientLambda,
  name: string,
  changes: ConfigurationChanges,
): Promise<DeployedConfiguration> {
  const request = { FunctionName: name, ...toSettings(changes) };
  const update = () =>
    lambda.call(`Updating the configuration of ${name}`, (client, options) =>
      client.updateFunctionConfiguration(request, options),
    );
  // A role may be new, and with a VPC or a mount what it allows counts too.
  const mayNeedRole = [changes.role, changes.vpc, changes.fileSystem].some(change => change !== undefined);
  const write = mayNeedRole ? () => retryNewRole(lambda, update) : update;
  return toDeployed(await retryConflict(lambda, name, write));
}

/** Adds tags, or changes their values; `arn` is that of a function. */
export async function tag(
  lambda: PatientLambda,
  arn: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const write = () =>
    lambda.call(`Tagging ${arn}`, (client, options) =>
      client.tagResource({ Resource: arn, Tags: { ...tags } }, options),
    );
  await retryConflict(lambda, arn, write);
}
