import type { DeployedConfiguration, DeployedFunction, LayerVersion } from '../../src/aws/types.ts';
import { describeLayer } from '../../src/layers/describe-layer.ts';
import type { LayerKind, LayerPart } from '../../src/publish-types.ts';

export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:classify';
const ROLE = 'arn:aws:iam::123456789012:role/lambda-role';

export function layerArnOf(name: string, version = 1, account = '123456789012'): string {
  return `arn:aws:lambda:eu-west-1:${account}:layer:${name}:${version}`;
}

/** `$LATEST` of `classify`; what is not given is as Lambda makes it. */
export function configurationOf(more: Partial<DeployedConfiguration> = {}): DeployedConfiguration {
  return {
    name: 'classify',
    arn: FUNCTION_ARN,
    version: '$LATEST',
    codeSha256: 'old',
    codeBytes: 1000,
    packageType: 'Zip',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    arch: 'x64',
    role: ROLE,
    description: '',
    memoryMiB: 128,
    timeoutSeconds: 3,
    tmpMiB: 512,
    environment: {},
    layers: [],
    vpc: null,
    vpcId: null,
    fileSystem: null,
    snapStart: false,
    revisionId: 'r1',
    failure: null,
    ...more,
  };
}

/** A function with these layers attached. */
export function deployedOf(
  arns: readonly string[] = [],
  { tags = {}, codeUrl = null, ...more }: Partial<DeployedConfiguration> & Partial<DeployedFunction> = {},
): DeployedFunction {
  const layers = arns.map(arn => ({ arn, codeBytes: 1000 }));
  return { configuration: configurationOf({ layers, ...more }), tags, codeUrl };
}

/** A layer of a split; its content is told by a letter. */
export function partOf(name: string, letter = 'a', kind: LayerKind = 'deps'): LayerPart {
  const sha256 = letter.repeat(64);
  return {
    name,
    kind,
    contents: [name],
    description: describeLayer(sha256, 5000),
    license: null,
    path: `/tmp/${name}.zip`,
    sha256,
    codeSha256: Buffer.from(sha256, 'hex').toString('base64'),
    zippedBytes: 1000,
    unzippedBytes: 5000,
  };
}

/** A version of a layer that publishing made of such a part. */
export function versionOf(part: LayerPart, version: number, more: Partial<LayerVersion> = {}): LayerVersion {
  const arn = layerArnOf(part.name, version);
  return { arn, version, description: part.description, runtimes: ['nodejs22.x'], archs: ['x64'], ...more };
}
