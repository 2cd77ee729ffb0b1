import type { HttpApisApi, Patience } from '../types.ts';
import { completeHttpApi } from './complete-http-api.ts';
import { describeMissing } from './describe-missing.ts';
import { openGateway } from './open-gateway.ts';
import { readHttpApi, toHttpApi } from './read-http-api.ts';

/** HTTP APIs of API Gateway in front of functions. */
export function openHttpApisApi(
  env: Readonly<Record<string, string | undefined>>,
  region: string,
  patience: Patience,
): HttpApisApi {
  const gateway = openGateway(env, region, patience);
  return {
    async inspect(wanted) {
      const found = await readHttpApi(gateway, wanted);
      return { api: found && toHttpApi(found.api), missing: describeMissing(found, wanted) };
    },
    complete: wanted => completeHttpApi(gateway, wanted),
  };
}
