import type { GetLayerVersionResponse, LayerVersionsListItem } from '@aws-sdk/client-lambda';
import { orNothing } from '../aws-cause.ts';
import type { LayerVersion } from '../types.ts';
import type { PatientLambda } from './open-lambda.ts';
import { readPages } from './read-pages.ts';

/** Newest first; none of a layer that is not there. */
export async function listLayerVersions(
  { call }: PatientLambda,
  layer: string,
): Promise<readonly LayerVersion[]> {
  const found = await orNothing(
    readPages(marker =>
      call(`Listing the versions of the layer ${layer}`, async (lambda, options) => {
        const request = { LayerName: layer, ...(marker ? { Marker: marker } : {}) };
        const page = await lambda.listLayerVersions(request, options);
        return { items: page.LayerVersions, next: page.NextMarker };
      }),
    ),
  );
  return (found ?? []).map(toLayerVersion).sort((one, other) => other.version - one.version);
}

/** Also one of another account that shares it; null where there is none, or its archive is not told. */
export async function readLayerVersion(
  { call }: PatientLambda,
  arn: string,
): Promise<(LayerVersion & { readonly codeUrl: string }) | null> {
  const found = await orNothing(
    call(`Reading the layer ${arn}`, (lambda, options) => lambda.getLayerVersionByArn({ Arn: arn }, options)),
  );
  const codeUrl = found?.Content?.Location;
  return codeUrl ? { ...toLayerVersion(found), codeUrl } : null;
}

/** One that is not there is deleted already. */
export async function deleteLayerVersion(
  { call }: PatientLambda,
  layer: string,
  version: number,
): Promise<void> {
  await orNothing(
    call(`Deleting the layer ${layer}:${version}`, (lambda, options) =>
      lambda.deleteLayerVersion({ LayerName: layer, VersionNumber: version }, options),
    ),
  );
}

/** True where a policy lets others use it; by default there is none. */
export async function isLayerShared(
  { call }: PatientLambda,
  layer: string,
  version: number,
): Promise<boolean> {
  const found = await orNothing(
    call(`Reading who may use the layer ${layer}:${version}`, (lambda, options) =>
      lambda.getLayerVersionPolicy({ LayerName: layer, VersionNumber: version }, options),
    ),
  );
  const { Statement: statements = [] } = JSON.parse(found?.Policy ?? '{}') as { Statement?: unknown[] };
  return statements.length > 0;
}

/** ARNs of the layer versions that any version of any function of the account and region uses. */
export async function listUsedLayers({ call }: PatientLambda): Promise<ReadonlySet<string>> {
  const functions = await readPages(marker =>
    call('Listing the functions and their layers', async (lambda, options) => {
      const request = { FunctionVersion: 'ALL', ...(marker ? { Marker: marker } : {}) } as const;
      const page = await lambda.listFunctions(request, options);
      return { items: page.Functions, next: page.NextMarker };
    }),
  );
  return new Set(functions.flatMap(({ Layers }) => (Layers ?? []).flatMap(({ Arn }) => Arn ?? [])));
}

/** In our words, from a list or a single answer. */
export function toLayerVersion(found: LayerVersionsListItem | GetLayerVersionResponse): LayerVersion {
  return {
    arn: found.LayerVersionArn ?? '',
    version: found.Version ?? 0,
    description: found.Description ?? '',
    runtimes: found.CompatibleRuntimes ?? [],
    archs: (found.CompatibleArchitectures ?? []).map(arch => (arch === 'arm64' ? 'arm64' : 'x64')),
  };
}
