import { randomUUID } from 'node:crypto';
import { limits } from '../../../../src/platform/limits.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { checkTotal, findLayers, sumLayers } from './attach-layers.ts';
import { checkAssumable, checkVpcRights } from './check-role.ts';
import { checkSettings, checkTogether } from './check-settings.ts';
import { describe } from './describe.ts';
import { toFunctionArn } from './find.ts';
import { checkRequired, type Members, readMembers } from './members.ts';
import { remember, toLambdaDate } from './progress.ts';
import { publish } from './publish-version.ts';
import { conflict, invalid } from './refusals.ts';
import type { Code, FunctionState, LayerVersionState, Settings } from './state.ts';
import { checkTags } from './tags.ts';
import { CODE_MEMBERS, takeCode } from './take-code.ts';

/** What both creating and updating may set. */
export const SETTINGS = [
  'Role',
  'Runtime',
  'Handler',
  'Description',
  'Timeout',
  'MemorySize',
  'EphemeralStorage',
  'Environment',
  'VpcConfig',
  'FileSystemConfigs',
  'TracingConfig',
  'SnapStart',
  'LoggingConfig',
  'KMSKeyArn',
] as const;

const KNOWN = [
  ...SETTINGS,
  'FunctionName',
  'Code',
  'Architectures',
  'PackageType',
  'Layers',
  'Publish',
  'Tags',
];

const DEFAULTS = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  EphemeralStorage: { Size: 512 },
  PackageType: 'Zip',
  Architectures: ['x86_64'],
  TracingConfig: { Mode: 'PassThrough' },
  SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
} as const;

export async function createFunction(call: Call, state: AccountState): Promise<Reply> {
  const members = readMembers(call.body, KNOWN);
  const name = String(members.FunctionName ?? '');
  checkRequired('functionName', members.FunctionName, { pattern: /[a-zA-Z0-9-_]+/, max: 64 });
  checkRequired('role', members.Role);
  checkRequired('code', members.Code);
  checkSettings(members, state);
  checkTags(members.Tags as Record<string, string> | undefined);
  if (members.PackageType === 'Image') throw invalid('[stub] makes no functions of images');
  if (!members.Runtime || !members.Handler)
    throw invalid(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  const settings = toSettings(members);
  checkTogether(settings);
  const layers = findLayers((members.Layers as readonly string[] | undefined) ?? [], state);
  checkTotal(layers, 0);
  const code = await takeCode(toCodeMembers(members), call, state, limits.unzippedBytes - sumLayers(layers));
  if (state.functions.has(name)) throw conflict(`Function already exist: ${name}`);
  checkAssumable(settings.Role, state);
  checkVpcRights(settings, state);
  const fn = newFunction(state, name, settings, layers, code);
  Object.assign(fn, { state: 'Pending', looks: state.behaviour.pendingLooks });
  fn.tags = { ...((members.Tags as Record<string, string> | undefined) ?? {}) };
  state.functions.set(name, fn);
  const version = members.Publish ? publish(fn, null) : fn.latest;
  return json(201, describe(fn, version, members.Publish ? version.version : null));
}

function toCodeMembers({ Code }: Members): Members {
  return readMembers(Buffer.from(JSON.stringify(Code)), CODE_MEMBERS);
}

function toSettings(members: Members): Settings {
  const names = [...SETTINGS, 'Architectures', 'PackageType'];
  const given = Object.fromEntries(names.filter(name => name in members).map(name => [name, members[name]]));
  return { ...DEFAULTS, Role: '', ...given };
}

export function newFunction(
  state: AccountState,
  name: string,
  settings: Partial<Settings>,
  layers: readonly LayerVersionState[],
  code: Code,
): FunctionState {
  const fn: FunctionState = {
    name,
    arn: toFunctionArn(state, name),
    latest: {
      version: '$LATEST',
      settings: { ...DEFAULTS, Role: '', ...settings },
      layers,
      code,
      revisionId: randomUUID(),
      modified: toLambdaDate(new Date()),
    },
    versions: [],
    aliases: new Map(),
    tags: {},
    policies: new Map(),
    urls: new Map(),
    provisioned: new Map(),
    state: 'Active',
    update: 'Successful',
    looks: 0,
    failure: null,
    warm: 0,
    hidesVariables: false,
    history: [],
  };
  remember(fn);
  return fn;
}
