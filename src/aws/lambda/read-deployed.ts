import type { DeployedFunction } from '../types.ts';
import { formatRef, parseFunctionRef, toTarget } from './function-ref.ts';
import type { CallLambda } from './open-lambda.ts';
import { toDeployed } from './to-deployed.ts';

/** A function, or the version or alias of one, as users write it. Throws `AWS_NOT_FOUND`, and what else AWS says. */
export async function readDeployed(call: CallLambda, text: string): Promise<Omit<DeployedFunction, 'tags'>> {
  const ref = parseFunctionRef(text);
  const { Configuration = {}, Code: code } = await call(
    `Reading the function ${formatRef(ref)}`,
    (lambda, options) => lambda.getFunction(toTarget(ref), options),
  );
  return {
    configuration: toDeployed(Configuration),
    codeUrl: code?.RepositoryType === 'S3' ? (code.Location ?? null) : null,
  };
}
