import type { Account, DeployedFunction, ObjectRef } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import type { LayerPart, Package, PublishSettings, Release } from '../publish-types.ts';
import { goesThroughBucket, keyOf } from './deliver.ts';
import { hasCode } from './has-code.ts';
import { listOwn } from './plan-cleaning.ts';
import type { AccountState, CleaningState, FrontState, ReleaseState } from './types.ts';
import { recognizeLayers, wantLayer } from './want-layers.ts';

type Layers = AccountState['layers'];

/**
 * Looks at what publishing would change, and at nothing else: one call for a function, one to three more for what is asked for
 * besides. What AWS is asked for at once is asked for in parallel.
 */
export async function readState(
  account: Account,
  fn: DeployedFunction | null,
  release: Release,
  settings: PublishSettings,
): Promise<AccountState> {
  const [role, layers, releaseState, front] = await Promise.all([
    readRole(account, fn, settings),
    readLayers(account, fn, release.layers, settings),
    readRelease(account, fn, settings),
    readFront(account, fn, settings),
  ]);
  const [objects, cleaning] = await Promise.all([
    readObjects(account, toSend(fn, release, layers, settings), settings),
    readCleaning(account, layers, settings),
  ]);
  return { fn, role, layers, objects, release: releaseState, front, cleaning, sizes: null, efs: null };
}

/** The ARN that the settings mean; null where the function has that role already, or none is named. */
async function readRole(
  { roles }: Account,
  fn: DeployedFunction | null,
  { role, createRole, functionName }: PublishSettings,
): Promise<string | null> {
  if (role === null) return fn === null && createRole ? roles.find(roleNameOf(functionName)) : null;
  if (fn && isRole(fn.configuration.role, role)) return fn.configuration.role;
  return role.startsWith('arn:') ? role : roles.find(role);
}

/** Name of the role that `--create-role` makes; IAM allows 64 characters. */
export function roleNameOf(functionName: string): string {
  return `${functionName.slice(0, 52)}-lambda-slim`;
}

function isRole(arn: string, wanted: string): boolean {
  return arn === wanted || arn.endsWith(`/${wanted}`);
}

/** Asks for versions by name where the tag of the function does not prove that its layers are the right ones. */
async function readLayers(
  { lambda }: Account,
  fn: DeployedFunction | null,
  parts: readonly LayerPart[],
  settings: PublishSettings,
): Promise<Layers> {
  if (settings.keep === null && recognizeLayers(fn, parts, settings)) return new Map();
  const entries = parts.map(async ({ name }) => [name, await lambda.listLayerVersions(name)] as const);
  return new Map(await Promise.all(entries));
}

/** Archives that AWS does not have yet. */
function toSend(
  fn: DeployedFunction | null,
  { code, layers: parts }: Release,
  layers: Layers,
  settings: PublishSettings,
): readonly Package[] {
  const known = recognizeLayers(fn, parts, settings) !== null;
  const missing = parts.filter(
    part => !known && wantLayer(part, layers.get(part.name) ?? [], fn, settings).kind === 'new',
  );
  return fn && hasCode(fn.configuration, code, settings) ? missing : [code, ...missing];
}

async function readObjects(
  { objects }: Account,
  archives: readonly Package[],
  settings: PublishSettings,
): Promise<ReadonlyMap<string, ObjectRef>> {
  const { bucket } = settings;
  const through = archives.filter(archive => goesThroughBucket(archive, settings));
  if (bucket === null || through.length === 0) return new Map();
  if (settings.storage === 'reference' && !(await objects.isVersioned(bucket)))
    throw new SlimError('BUCKET_UNVERSIONED', [bucket]);
  const found = through.map(async archive => {
    const { sha256, zippedBytes: bytes } = archive;
    const object = await objects.find(bucket, keyOf(archive), { bytes, sha256 });
    return object === null ? [] : [[sha256, object] as const];
  });
  return new Map((await Promise.all(found)).flat());
}

async function readRelease(
  { lambda }: Account,
  fn: DeployedFunction | null,
  { functionName: name, release }: PublishSettings,
): Promise<ReleaseState> {
  const none: ReleaseState = { alias: null, released: null, canary: null, provisioned: null };
  if (fn === null) return none;
  if (release.alias === null) {
    const released = release.version ? (await lambda.listVersions(name)).at(-1) : undefined;
    return { ...none, released: released ?? null };
  }
  const readProvisioned = () => lambda.readProvisioned(name, release.alias ?? '');
  const isWanted = release.provisionedConcurrency !== null;
  const [alias, released, wanted] = await Promise.all([
    lambda.readAlias(name, release.alias),
    lambda.readConfiguration(name, release.alias),
    isWanted ? readProvisioned() : null,
  ]);
  const canary = alias?.extra ? await lambda.readConfiguration(name, alias.extra.version) : null;
  // Such a share is Lambda's own, while instances move that somebody else wants.
  const provisioned = alias?.extra?.share === 1 && !isWanted ? await readProvisioned() : wanted;
  return { alias, released, canary, provisioned };
}

async function readFront(
  { lambda, httpApis }: Account,
  fn: DeployedFunction | null,
  { functionName: name, release: { alias }, front }: PublishSettings,
): Promise<FrontState> {
  const { url, httpApi } = front;
  if (fn === null || (url === null && httpApi === null)) return { url: null, permissions: [], httpApi: null };
  const target = alias === null ? fn.configuration.arn : `${fn.configuration.arn}:${alias}`;
  const [deployed, permissions, api] = await Promise.all([
    url && lambda.readUrl(name, alias),
    lambda.listPermissions(name, alias),
    httpApi && httpApis.inspect({ name, target, ...httpApi }),
  ]);
  return { url: deployed, permissions, httpApi: api };
}

async function readCleaning(
  { lambda }: Account,
  layers: Layers,
  { keep }: PublishSettings,
): Promise<CleaningState | null> {
  if (keep === null) return null;
  const old = [...layers].flatMap(([name, versions]) =>
    listOwn(versions)
      .slice(Math.max(0, keep - 1))
      .map(({ version, arn }) => ({ name, version, arn })),
  );
  if (old.length === 0) return { used: new Set(), shared: new Set() };
  const [used, shared] = await Promise.all([
    lambda.listUsedLayers(),
    Promise.all(old.map(({ name, version }) => lambda.isLayerShared(name, version))),
  ]);
  return { used, shared: new Set(old.filter((_, index) => shared[index]).map(({ arn }) => arn)) };
}
