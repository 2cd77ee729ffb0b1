import { orNothing } from '../aws-cause.ts';
import type { DeployedConfiguration, DeployedFunction } from '../types.ts';
import type { PatientLambda } from './open-lambda.ts';
import { toDeployed } from './to-deployed.ts';

/** `$LATEST` with its tags and where its code can be read; null where there is no such function. */
export async function readFunction({ call }: PatientLambda, name: string): Promise<DeployedFunction | null> {
  const found = await orNothing(
    call(`Reading the function ${name}`, (lambda, options) =>
      lambda.getFunction({ FunctionName: name }, options),
    ),
  );
  if (found === null) return null;
  return {
    configuration: toDeployed(found.Configuration ?? {}),
    tags: found.TagsError ? null : (found.Tags ?? {}),
    // Not that of an image, nor of a zip that stays in its bucket.
    codeUrl: found.Code?.RepositoryType === 'S3' ? (found.Code.Location ?? null) : null,
  };
}

/** The configuration of an alias or a version; null where there is none. */
export async function readConfiguration(
  { call }: PatientLambda,
  name: string,
  qualifier: string,
): Promise<DeployedConfiguration | null> {
  const found = await orNothing(
    call(`Reading the configuration of ${name}:${qualifier}`, (lambda, options) =>
      lambda.getFunctionConfiguration({ FunctionName: name, Qualifier: qualifier }, options),
    ),
  );
  return found && toDeployed(found);
}
