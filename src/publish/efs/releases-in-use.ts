import type { DeployedFunction, LambdaApi } from '../../aws/types.ts';
import { ROOT_VARIABLE } from '../../bundle/run-environment.ts';

/** Releases of the store that `$LATEST` or a version is pinned to; callers of an alias may still be sent there. */
export async function listReleasesInUse(
  lambda: LambdaApi,
  { configuration }: DeployedFunction,
  store: string,
): Promise<readonly string[]> {
  const versions = await lambda.listVersions(configuration.name);
  const roots = [configuration, ...versions].map(({ environment }) => environment?.[ROOT_VARIABLE] ?? '');
  const ids = roots.flatMap(root => {
    const [folder, id = ''] = root.replace(/\/+$/, '').split('/releases/');
    return folder === store && /^[0-9a-f]{64}$/.test(id) ? [id] : [];
  });
  return [...new Set(ids)].sort();
}
