import { takeIfDone } from '../aws-cause.ts';
import type { DeployedConfiguration, NewFunction } from '../types.ts';
import type { PatientLambda } from './open-lambda.ts';
import { readCode } from './read-code.ts';
import { readFunction } from './read-function.ts';
import { retryConflict, retryNewRole } from './retry-conflict.ts';
import { toDeployed } from './to-deployed.ts';
import { toArchitecture, toRuntime, toSettings } from './to-request.ts';

/** Creates a function of a zip. One of the name that has this code already is taken for an answer that was lost. */
export async function createFunction(
  lambda: PatientLambda,
  request: NewFunction,
): Promise<DeployedConfiguration> {
  const { name, tags } = request;
  const { fields, codeSha256 } = await readCode(request.code);
  const create = () =>
    lambda.call(`Creating the function ${name}`, (client, options) =>
      client.createFunction(
        {
          ...toSettings(request),
          FunctionName: name,
          PackageType: 'Zip',
          Runtime: toRuntime(request.runtime),
          Role: request.role,
          Code: fields,
          Architectures: [toArchitecture(request.arch)],
          ...(Object.keys(tags).length > 0 ? { Tags: { ...tags } } : {}),
        },
        options,
      ),
    );
  const findCreated = async () => {
    const found = await readFunction(lambda, name);
    return found?.configuration.codeSha256 === codeSha256 ? found.configuration : null;
  };
  return takeIfDone(
    retryConflict(lambda, name, () => retryNewRole(lambda, create)).then(toDeployed),
    ['ResourceConflictException'],
    findCreated,
  );
}
