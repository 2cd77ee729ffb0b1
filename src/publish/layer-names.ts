import { createHash } from 'node:crypto';
import { parseArn } from '../aws/arn.ts';
import { LAYER_KINDS, type LayerPart } from '../publish-types.ts';

/** Tag of a function that says which layers of ours it was published with. */
export const LAYERS_TAG = 'lambda-slim:layers';

/** `arn:aws:lambda:eu-west-1:123456789012:layer:name:3` without its version. */
export function layerNameOf(arn: string): string {
  return arn.split(':')[6] ?? '';
}

/** Whether publishing the function made that layer; others, also those of other accounts, are left alone. */
export function isOurLayer(arn: string, functionArn: string): boolean {
  const [layer, fn] = [parseArn(arn), parseArn(functionArn)];
  return layer.account === fn.account && isOurName(layerNameOf(arn), fn.resource.split(':')[1] ?? '');
}

function isOurName(name: string, functionName: string): boolean {
  const rest = name.startsWith(`${functionName}-`) ? name.slice(functionName.length + 1) : '';
  const [kind = '', number = '', ...more] = rest.split('-');
  return more.length === 0 && /^[1-9]$/.test(number) && LAYER_KINDS.some(known => known === kind);
}

/** Value of the tag: a layer version never changes, so equal ARNs with equal contents need no further look. */
export function layersDigest(
  layers: readonly { readonly arn: string; readonly part: Pick<LayerPart, 'sha256'> }[],
): string {
  const text = JSON.stringify(layers.map(({ arn, part }) => [arn, part.sha256]));
  return createHash('sha256').update(text).digest('hex');
}
