import { newAccessPoint, type SeedAccessPoint } from './efs/state.ts';
import { newRole } from './iam/roles.ts';
import { findLayers } from './lambda/attach-layers.ts';
import { newFunction } from './lambda/create-function.ts';
import { addLayerVersion } from './lambda/layers.ts';
import { publish } from './lambda/publish-version.ts';
import type { LayerVersionState, Settings } from './lambda/state.ts';
import { toCode } from './lambda/take-code.ts';
import { storeSeed } from './s3/seed.ts';
import type { AccountState } from './state.ts';
import { zipOf } from './zip-of.ts';

/** What is there before the first request. */
export interface Seed {
  /** Roles that Lambda can assume at once; `lambda-role`, which may use a VPC, is always there. */
  readonly roles?: Readonly<Record<string, SeedRole>>;
  readonly functions?: Readonly<Record<string, SeedFunction>>;
  /** Versions by name of the layer, the oldest first. */
  readonly layers?: Readonly<Record<string, readonly SeedLayer[]>>;
  /** Layer versions of others that may be used, by ARN. */
  readonly foreignLayers?: Readonly<Record<string, SeedLayer>>;
  readonly buckets?: Readonly<Record<string, SeedBucket>>;
  /** By ARN. */
  readonly accessPoints?: Readonly<Record<string, SeedAccessPoint>>;
}

export interface SeedRole {
  readonly tags?: Readonly<Record<string, string>>;
  /** JSON; trusts Lambda unless given. */
  readonly trust?: string;
  /** JSON documents by name. */
  readonly inline?: Readonly<Record<string, string>>;
  /** ARNs of policies of AWS. */
  readonly attached?: readonly string[];
}

export interface SeedFunction {
  /** A tiny one unless given. */
  readonly zip?: Buffer;
  /** In the words of the API: `Runtime`, `MemorySize`, `Environment`. */
  readonly settings?: Partial<Settings>;
  /** ARNs of seeded layers. */
  readonly layers?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Version numbers by alias; the function then has a published version. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly published?: boolean;
  readonly hidesVariables?: boolean;
}

export interface SeedLayer
  extends Partial<Pick<LayerVersionState, 'description' | 'license' | 'runtimes' | 'archs'>> {
  readonly zip?: Buffer;
  /** Others may use it. */
  readonly shared?: boolean;
}

export interface SeedBucket {
  readonly versioned?: boolean;
  readonly region?: string;
  readonly objects?: Readonly<Record<string, Buffer>>;
}

const VPC_POLICY = 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole';

/** Who may assume a role of Lambda. */
export const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

const ZIP = zipOf({ 'index.mjs': 'export const handler = async event => event;\n' });

export async function plant(state: AccountState, seed: Seed): Promise<void> {
  const roles = { 'lambda-role': { attached: [VPC_POLICY] }, ...seed.roles };
  for (const [name, role] of Object.entries(roles)) plantRole(state, name, role);
  for (const [name, bucket] of Object.entries(seed.buckets ?? {})) storeSeed(state, name, bucket);
  for (const [arn, point] of Object.entries(seed.accessPoints ?? {}))
    state.accessPoints.set(arn, newAccessPoint(arn, point));
  for (const [name, versions] of Object.entries(seed.layers ?? {}))
    for (const version of versions) await plantLayer(state, name, version);
  for (const [arn, layer] of Object.entries(seed.foreignLayers ?? {})) await plantForeign(state, arn, layer);
  for (const [name, fn] of Object.entries(seed.functions ?? {})) await plantFunction(state, name, fn);
}

function plantRole(state: AccountState, name: string, seed: SeedRole): void {
  const { tags = {}, trust = TRUST, inline = {}, attached = [] } = seed;
  const facts = { trust, description: '', tags: new Map(Object.entries(tags)), refusals: 0 };
  const role = newRole(state, name, facts);
  for (const arn of attached) role.attached.add(arn);
  for (const [policy, document] of Object.entries(inline)) role.inline.set(policy, document);
  state.roles.set(name, role);
}

async function plantLayer(state: AccountState, name: string, seed: SeedLayer): Promise<LayerVersionState> {
  const { zip = zipOf({ 'nodejs/node_modules/a/index.js': name }), shared = false } = seed;
  const { description = '', license = null, runtimes = [], archs = [] } = seed;
  const made = addLayerVersion(state, name, await toCode(zip), { description, license, runtimes, archs });
  if (shared)
    made.policy.push({
      Sid: 'all',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:GetLayerVersion',
      Resource: made.arn,
    });
  return made;
}

/** Made as one of ours, and then moved to its owner. */
async function plantForeign(state: AccountState, arn: string, seed: SeedLayer): Promise<void> {
  const made = await plantLayer(state, 'foreign', seed);
  state.layers.delete('foreign');
  state.foreignLayers.set(arn, { ...made, arn, version: Number(arn.split(':').at(-1)) });
}

async function plantFunction(state: AccountState, name: string, seed: SeedFunction): Promise<void> {
  const { zip = ZIP, settings = {}, layers = [], tags = {}, aliases = {}, published, hidesVariables } = seed;
  const Role = `arn:aws:iam::${state.accountId}:role/lambda-role`;
  const merged = { Role, Runtime: 'nodejs22.x', Handler: 'index.handler', ...settings };
  const fn = newFunction(state, name, merged, findLayers(layers, state), await toCode(zip));
  fn.tags = { ...tags };
  fn.hidesVariables = hidesVariables ?? false;
  if (published || Object.keys(aliases).length > 0) publish(fn, null);
  for (const [alias, version] of Object.entries(aliases))
    fn.aliases.set(alias, {
      name: alias,
      version,
      description: '',
      weights: {},
      isMoving: false,
      revisionId: `seed-${alias}`,
    });
  state.functions.set(name, fn);
}
