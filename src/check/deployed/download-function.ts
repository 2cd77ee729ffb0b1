import { join } from 'node:path';
import { readLayerVersion } from '../../aws/lambda/layers.ts';
import type { PatientLambda } from '../../aws/lambda/open-lambda.ts';
import { readDeployed } from '../../aws/lambda/read-deployed.ts';
import type { AttachedLayer } from '../../aws/types.ts';
import { SlimError } from '../../errors.ts';
import { fetchTo } from '../../util/fetch-to.ts';
import { measureEnvironment } from '../check-settings.ts';
import type { CheckSubject } from '../subject.ts';

/**
 * Downloads the code of a deployed function and of its layers into `dir`; `text` is its name or ARN, with a version or an alias
 * or without. Layers that may be used but not read are told. Throws `CODE_NOT_FETCHED`, `CANCELLED`, and what AWS says.
 */
export async function downloadFunction(
  lambda: PatientLambda,
  text: string,
  dir: string,
): Promise<CheckSubject> {
  const { configuration, codeUrl } = await readDeployed(lambda.call, text);
  if (configuration.packageType === 'Image')
    throw new SlimError('CODE_NOT_FETCHED', [text, 'it is a container image, and check judges zips']);
  const path = join(dir, 'function.zip');
  if (codeUrl === null || !(await fetchTo(codeUrl, path, lambda.patience.signal)))
    throw new SlimError('CODE_NOT_FETCHED', [text, 'its zip cannot be downloaded']);
  const fetched = [];
  for (const [index, layer] of configuration.layers.entries())
    fetched.push({
      arn: layer.arn,
      path: await fetchLayer(lambda, layer, join(dir, `layer-${index + 1}.zip`)),
    });
  const unknown = fetched.filter(each => each.path === null).map(({ arn }) => arn);
  const { environment, runtime, arch, handler, tmpMiB } = configuration;
  return {
    name: text,
    path,
    layers: fetched.flatMap(each => each.path ?? []),
    ...{ runtime, arch, handler, tmpMiB },
    environmentBytes: environment && measureEnvironment(environment),
    findings: unknown.length > 0 ? [{ code: 'LAYER_UNKNOWN', level: 'warning', layers: unknown }] : [],
  };
}

/** Null for one of others that may be used and not be read. */
async function fetchLayer(
  lambda: PatientLambda,
  { arn }: AttachedLayer,
  path: string,
): Promise<string | null> {
  try {
    const version = await readLayerVersion(lambda, arn);
    return version && (await fetchTo(version.codeUrl, path, lambda.patience.signal)) ? path : null;
  } catch (error) {
    if (error instanceof SlimError && error.code === 'AWS_DENIED') return null;
    throw error;
  }
}
