import { isDeepStrictEqual } from 'node:util';
import { orNothing, takeIfDone } from '../aws-cause.ts';
import type { Permission } from '../types.ts';
import { toTarget } from './function-ref.ts';
import type { PatientLambda } from './open-lambda.ts';
import { readPolicy } from './read-policy.ts';
import { retryConflict } from './retry-conflict.ts';

/** Of the function, or of its alias, which has a policy of its own. */
export async function listPermissions(
  { call }: PatientLambda,
  name: string,
  qualifier: string | null,
): Promise<readonly Permission[]> {
  const found = await orNothing(
    call(`Reading who may invoke ${name}`, (lambda, options) =>
      lambda.getPolicy(toTarget({ name, qualifier }), options),
    ),
  );
  return readPolicy(found?.Policy ?? '{}');
}

/** One that is there already as it should be is taken for an answer that was lost. */
export async function addPermission(
  lambda: PatientLambda,
  name: string,
  qualifier: string | null,
  permission: Permission,
): Promise<void> {
  const { id, action, principal, sourceArn, urlAuth, viaUrl } = permission;
  const request = {
    ...toTarget({ name, qualifier }),
    StatementId: id,
    Action: action,
    Principal: principal,
    ...(sourceArn === null ? {} : { SourceArn: sourceArn }),
    ...(urlAuth === null ? {} : { FunctionUrlAuthType: 'NONE' as const }),
    ...(viaUrl ? { InvokedViaFunctionUrl: true } : {}),
  };
  const add = () =>
    lambda.call(`Allowing calls of ${name}`, async (client, options) => {
      await client.addPermission(request, options);
      return true;
    });
  const findSame = async () => {
    const permissions = await listPermissions(lambda, name, qualifier);
    return permissions.some(other => isDeepStrictEqual(other, permission)) ? true : null;
  };
  await takeIfDone(retryConflict(lambda, name, add), ['ResourceConflictException'], findSame);
}
