import { isDeepStrictEqual } from 'node:util';
import { makeOnce } from '../make-once.ts';
import type { LayerVersion, NewLayerVersion } from '../types.ts';
import { listLayerVersions, toLayerVersion } from './layers.ts';
import type { PatientLambda } from './open-lambda.ts';
import { readCode } from './read-code.ts';
import { toArchitecture, toRuntime } from './to-request.ts';

/**
 * Makes a version of a layer. Each call makes another, so that after a lost answer one with the same description is looked for
 * first: ours tell the content.
 */
export async function publishLayer(lambda: PatientLambda, layer: NewLayerVersion): Promise<LayerVersion> {
  const { fields } = await readCode(layer.code);
  return makeOnce(
    () => publishOnce(lambda, layer, fields),
    () => findSame(lambda, layer),
    lambda.patience,
  );
}

async function publishOnce(
  { callOnce }: PatientLambda,
  { name, description, license, runtimes, archs }: NewLayerVersion,
  content: Awaited<ReturnType<typeof readCode>>['fields'],
): Promise<LayerVersion> {
  const request = {
    LayerName: name,
    Description: description,
    Content: content,
    CompatibleRuntimes: runtimes.map(toRuntime),
    CompatibleArchitectures: archs.map(toArchitecture),
    ...(license === null ? {} : { LicenseInfo: license }),
  };
  return toLayerVersion(
    await callOnce(`Publishing the layer ${name}`, (client, options) =>
      client.publishLayerVersion(request, options),
    ),
  );
}

async function findSame(lambda: PatientLambda, layer: NewLayerVersion): Promise<LayerVersion | null> {
  const traits = ({ description, runtimes, archs }: Omit<LayerVersion, 'arn' | 'version'>) => [
    description,
    runtimes.toSorted(),
    archs.toSorted(),
  ];
  const versions = await listLayerVersions(lambda, layer.name);
  return versions.find(version => isDeepStrictEqual(traits(version), traits(layer))) ?? null;
}
