import { limits } from '../../../../src/platform/limits.ts';
import type { AccountState } from '../state.ts';
import { Refusal } from '../types.ts';
import { invalid, unsatisfied } from './refusals.ts';
import type { LayerVersionState } from './state.ts';

const ARN = /^arn:[a-zA-Z0-9-]+:lambda:([a-z0-9-]+):(\d{12}):layer:([a-zA-Z0-9-_]+):(\d+)$/;

/** The layers that ARNs name, as Lambda checks them: number, region, existence, then versions of the same. */
export function findLayers(arns: readonly string[], state: AccountState): readonly LayerVersionState[] {
  if (arns.length > limits.layers) throw invalid(`Cannot reference more than ${limits.layers} layers.`);
  const seen = new Map<string, string>();
  return arns.map(arn => {
    const layer = findLayer(arn, state);
    const bare = arn.replace(/:\d+$/, '');
    const other = seen.get(bare);
    if (other)
      throw invalid(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${other} and ${arn} are versions of the same layer.`,
      );
    seen.set(bare, arn);
    return layer;
  });
}

function findLayer(arn: string, state: AccountState): LayerVersionState {
  const [, region, account, name = '', version] = ARN.exec(arn) ?? [];
  if (version === undefined)
    throw unsatisfied(
      `[${arn}]`,
      'layers',
      'Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+), Member must not be null]',
    );
  const foreign = state.foreignLayers.get(arn);
  if (account !== state.accountId) {
    if (foreign && region === state.region) return foreign;
    throw new Refusal(
      403,
      'AccessDeniedException',
      `User: arn:aws:iam::${state.accountId}:user/stub is not authorized to perform: lambda:GetLayerVersion on resource: ${arn} because no resource-based policy allows the lambda:GetLayerVersion action`,
    );
  }
  if (region !== state.region)
    throw invalid(
      `Layers are not in the same region as the function. Layers are expected to be in region ${state.region}.`,
    );
  const found = state.layers.get(name)?.versions.get(Number(version));
  if (!found) throw invalid(`Layer version ${arn} does not exist.`);
  return found;
}

/** Layers that are attached to code that is there; the order in which things are changed matters here. */
export function checkTotal(layers: readonly LayerVersionState[], codeBytes: number): void {
  const layerBytes = sumLayers(layers);
  if (layerBytes >= limits.unzippedBytes)
    throw invalid(`Layers consume more than the available size of ${limits.unzippedBytes} bytes`);
  if (layerBytes + codeBytes >= limits.unzippedBytes)
    throw invalid(
      `Function code combined with layers exceeds the maximum allowed size of ${limits.unzippedBytes} bytes. The actual size is ${layerBytes + codeBytes} bytes.`,
    );
}

/** Unzipped bytes. */
export function sumLayers(layers: readonly LayerVersionState[]): number {
  return layers.reduce((sum, { code }) => sum + code.unzippedBytes, 0);
}
