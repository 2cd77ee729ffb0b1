import { presign } from '../presigned-url.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, NOTHING, type Reply } from '../types.ts';
import { check, checkRequired, readMembers } from './members.ts';
import { toLambdaDate } from './progress.ts';
import { invalid, noResource, notFound, unsatisfied } from './refusals.ts';
import type { Code, Layer, LayerVersionState } from './state.ts';
import { CODE_MEMBERS, takeCode } from './take-code.ts';

const KNOWN = ['Description', 'Content', 'CompatibleRuntimes', 'LicenseInfo', 'CompatibleArchitectures'];
const ARCHS = ['x86_64', 'arm64'];

type NewVersion = Pick<LayerVersionState, 'description' | 'license' | 'runtimes' | 'archs'>;

export async function publishLayerVersion(call: Call, state: AccountState): Promise<Reply> {
  const members = readMembers(call.body, KNOWN);
  const name = toLayerName(call, state);
  check('layerName', name, { pattern: /[a-zA-Z0-9-_]+/, max: 140 });
  check('description', members.Description, { max: 256 });
  check('licenseInfo', members.LicenseInfo, { max: 512 });
  check('compatibleRuntimes', members.CompatibleRuntimes, { max: 15 });
  check('compatibleArchitectures', members.CompatibleArchitectures, { max: 2, values: ARCHS });
  checkRequired('content', members.Content);
  const content = readMembers(Buffer.from(JSON.stringify(members.Content)), CODE_MEMBERS);
  const code = await takeCode(content, call, state);
  const version = addLayerVersion(state, name, code, {
    description: String(members.Description ?? ''),
    license: (members.LicenseInfo as string | undefined) ?? null,
    runtimes: (members.CompatibleRuntimes as readonly string[] | undefined) ?? [],
    archs: (members.CompatibleArchitectures as readonly string[] | undefined) ?? [],
  });
  return json(201, describeWithContent(state, version));
}

export function addLayerVersion(
  state: AccountState,
  name: string,
  code: Code,
  facts: NewVersion,
): LayerVersionState {
  const arn = `arn:aws:lambda:${state.region}:${state.accountId}:layer:${name}`;
  const layer: Layer = state.layers.get(name) ?? { name, arn, next: 1, versions: new Map() };
  state.layers.set(name, layer);
  const version = layer.next++;
  const created = toLambdaDate(new Date());
  const made: LayerVersionState = { ...facts, arn: `${arn}:${version}`, version, code, created, policy: [] };
  layer.versions.set(version, made);
  return made;
}

export function getLayerVersion(call: Call, state: AccountState): Reply {
  const version = findLayerVersion(call, state);
  if (!version) throw noResource();
  return json(200, describeWithContent(state, version));
}

export function getLayerVersionByArn(call: Call, state: AccountState): Reply {
  const arn = call.query.get('Arn') ?? '';
  const [, region, account, name = '', number] =
    /^arn:aws:lambda:([a-z0-9-]+):(\d{12}):layer:([\w-]+):(\d+)$/.exec(arn) ?? [];
  if (!number)
    throw unsatisfied(
      arn,
      'arn',
      'Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:…',
    );
  const ours = region === state.region && account === state.accountId;
  const version = ours ? state.layers.get(name)?.versions.get(Number(number)) : state.foreignLayers.get(arn);
  if (!version) throw noResource();
  return json(200, describeWithContent(state, version));
}

/** Says the same whether it was there or not. Functions that use it keep it. */
export function deleteLayerVersion(call: Call, state: AccountState): Reply {
  findLayerVersion(call, state);
  state.layers.get(toLayerName(call, state))?.versions.delete(Number(call.params.VersionNumber));
  return NOTHING;
}

export function getLayerVersionPolicy(call: Call, state: AccountState): Reply {
  const version = findLayerVersion(call, state);
  if (!version)
    throw notFound(`Layer version ${call.params.LayerName}:${call.params.VersionNumber} does not exist.`);
  if (version.policy.length === 0) throw notFound('No policy is associated with the given resource.');
  const Policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: version.policy });
  return json(200, { Policy, RevisionId: version.arn });
}

function findLayerVersion(call: Call, state: AccountState): LayerVersionState | undefined {
  const number = Number(call.params.VersionNumber);
  if (!(number >= 1)) throw invalid('Layer Version Cannot be less than 1');
  return state.layers.get(toLayerName(call, state))?.versions.get(number);
}

/** A layer may be named by its ARN; one of another account or region is not ours. */
export function toLayerName({ params }: Call, { region, accountId }: AccountState): string {
  const name = params.LayerName ?? '';
  const start = `arn:aws:lambda:${region}:${accountId}:layer:`;
  return name.startsWith(start) ? name.slice(start.length) : name;
}

export function describeLayerVersion(version: LayerVersionState): object {
  const { arn, description, license, runtimes, archs, created } = version;
  return {
    LayerVersionArn: arn,
    Version: version.version,
    Description: description,
    CreatedDate: created,
    ...(license === null ? {} : { LicenseInfo: license }),
    ...(runtimes.length > 0 ? { CompatibleRuntimes: runtimes } : {}),
    ...(archs.length > 0 ? { CompatibleArchitectures: archs } : {}),
  };
}

function describeWithContent(state: AccountState, version: LayerVersionState): object {
  const { arn, code } = version;
  const path = `awslambda-${state.region}-layers/snapshots/${state.accountId}/${arn.replaceAll(':', '-')}`;
  return {
    ...describeLayerVersion(version),
    LayerArn: arn.replace(/:\d+$/, ''),
    Content: { Location: presign(state, path, code.zip), CodeSha256: code.sha256, CodeSize: code.zip.length },
  };
}
