import type { DeployedConfiguration } from '../types.ts';
import type { PatientLambda } from './open-lambda.ts';
import { readPages } from './read-pages.ts';
import { retryConflict } from './retry-conflict.ts';
import { toDeployed } from './to-deployed.ts';
import { waitUntilReady } from './wait-until-settled.ts';

/** Published ones, oldest first. */
export async function listVersions(
  { call }: PatientLambda,
  name: string,
): Promise<readonly DeployedConfiguration[]> {
  const found = await readPages(marker =>
    call(`Listing the versions of ${name}`, async (lambda, options) => {
      const request = { FunctionName: name, ...(marker ? { Marker: marker } : {}) };
      const page = await lambda.listVersionsByFunction(request, options);
      return { items: page.Versions, next: page.NextMarker };
    }),
  );
  return found
    .map(toDeployed)
    .filter(({ version }) => version !== '$LATEST')
    .sort((one, other) => Number(one.version) - Number(other.version));
}

/**
 * Makes a version of `$LATEST`, which has to have this code, and be this revision where one is named, and waits until it can be invoked. Lambda makes no second version
 * of what has not changed, so that a lost answer does no harm.
 */
export async function publishVersion(
  lambda: PatientLambda,
  name: string,
  codeSha256: string,
  revisionId: string | null,
): Promise<DeployedConfiguration> {
  const { call, patience } = lambda;
  const publish = () =>
    call(`Publishing a version of ${name}`, (client, options) =>
      client.publishVersion(
        {
          FunctionName: name,
          CodeSha256: codeSha256,
          ...(revisionId === null ? {} : { RevisionId: revisionId }),
        },
        options,
      ),
    );
  const published = await retryConflict(lambda, name, publish);
  if (published.State !== 'Pending') return toDeployed(published);
  const { signal, pollMs, waitMs } = patience;
  const waiting = { signal, pollMs, timeoutMs: waitMs };
  return toDeployed(await waitUntilReady(call, `${name}:${published.Version}`, waiting));
}
