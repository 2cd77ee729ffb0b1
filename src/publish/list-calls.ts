import type {
  Delivery,
  PlannedCall,
  PublishPlan,
  PublishSettings,
  PublishStep,
  Switch,
} from '../publish-types.ts';
import { LAYERS_TAG } from './layer-names.ts';

/** The writing calls of a plan in their order, for `--dry-run`; sizes are bytes. An upload in parts counts as one. */
export function listCalls(plan: PublishPlan): readonly PlannedCall[] {
  return plan.steps.flatMap(step => callsOf(step, plan.settings));
}

/** A step in one phrase. */
export function describeStep(step: PublishStep, plan: PublishPlan): string {
  const [first] = callsOf(step, plan.settings);
  return first ? `${first.call.split(':')[1]} ${first.target}` : step.kind;
}

const URL_CALLS = {
  create: 'lambda:CreateFunctionUrlConfig',
  update: 'lambda:UpdateFunctionUrlConfig',
} as const;

type Lists = {
  readonly [K in PublishStep['kind']]: (
    step: Extract<PublishStep, { readonly kind: K }>,
    functionName: string,
    settings: PublishSettings,
  ) => readonly PlannedCall[];
};

const LISTS: Lists = {
  'create-role': ({ name }) => [call('iam:CreateRole', name), call('iam:PutRolePolicy', name)],
  upload: ({ delivery }) => [call('s3:PutObject', addressOf(delivery), { sends: delivery })],
  'publish-layer': ({ part, delivery }) => [
    call('lambda:PublishLayerVersion', part.name, { sends: delivery, detail: part.contents.join(', ') }),
  ],
  'send-bundle': ({ objects }, _, { efs }) =>
    objects.map(({ key, bytes }) => ({
      call: 's3:PutObject',
      target: `s3://${efs?.bucket}/${[efs?.prefix, key].filter(Boolean).join('/')}`,
      bytes,
      detail: null,
    })),
  'sync-function': ({ plan }) => listCalls(plan),
  sync: (_, __, { efs }) => [
    call('lambda:Invoke', efs?.syncFunction ?? '', { detail: `release ${efs?.bundle.release.slice(0, 12)}` }),
  ],
  copy: (_, name) => [
    call('datasync:CreateLocationS3', name),
    call('datasync:CreateLocationEfs', name),
    call('datasync:CreateTask', name),
    call('datasync:StartTaskExecution', name),
  ],
  sample: (_, name) => [call('lambda:Invoke', name, { detail: 'the sample' })],
  'create-function': ({ delivery }, name) => [call('lambda:CreateFunction', name, { sends: delivery })],
  switch: ({ switch: change }, name) => listSwitch(change, name),
  tag: ({ tags }, name) => [
    call('lambda:TagResource', name, { detail: Object.keys(tags).join(', ') || LAYERS_TAG }),
  ],
  'publish-version': (_, name) => [call('lambda:PublishVersion', name)],
  'move-alias': ({ alias, weight, isNew }, name) => [
    call(isNew ? 'lambda:CreateAlias' : 'lambda:UpdateAlias', `${name}:${alias}`, {
      detail: weight === null ? null : `${weight}% of the calls`,
    }),
  ],
  provision: ({ alias, count, follows }, name) =>
    follows
      ? []
      : [call('lambda:PutProvisionedConcurrencyConfig', `${name}:${alias}`, { detail: String(count) })],
  url: ({ change, lacks }, name) => [
    ...(change === null ? [] : [call(URL_CALLS[change], name)]),
    ...lacks.map(id => call('lambda:AddPermission', name, { detail: id })),
  ],
  'http-api': ({ missing }, name) => listHttpApi(missing, name),
  'delete-layer': ({ arn }) => [call('lambda:DeleteLayerVersion', arn)],
};

function callsOf(step: PublishStep, settings: PublishSettings): readonly PlannedCall[] {
  // The table has for each kind what takes that kind.
  return (LISTS[step.kind] as Lists[PublishStep['kind']])(step as never, settings.functionName, settings);
}

function listSwitch({ order, code, configuration, layers }: Switch, name: string): readonly PlannedCall[] {
  const changes = [...Object.keys(configuration), ...(layers ? ['layers'] : [])];
  const forCode = code ? [call('lambda:UpdateFunctionCode', name, { sends: code })] : [];
  const detail = changes.join(', ');
  const forChanges = changes.length > 0 ? [call('lambda:UpdateFunctionConfiguration', name, { detail })] : [];
  return order === 'code-first' ? [...forCode, ...forChanges] : [...forChanges, ...forCode];
}

/** First words of what an HTTP API lacks, and how it gets that. */
const MAKERS: readonly (readonly [string, string])[] = [
  ['HTTP API ', 'apigateway:CreateApi'],
  ['CORS', 'apigateway:UpdateApi'],
  ['integration ', 'apigateway:CreateIntegration'],
  ['other target of the integration', 'apigateway:UpdateIntegration'],
  ['route ', 'apigateway:CreateRoute'],
  ['turn of the route ', 'apigateway:UpdateRoute'],
  ['stage ', 'apigateway:CreateStage'],
  ['deployment of the stage ', 'apigateway:UpdateStage'],
  ['permission', 'lambda:AddPermission'],
];

function listHttpApi(missing: readonly string[], name: string): readonly PlannedCall[] {
  return missing.flatMap(detail => {
    const maker = MAKERS.find(([words]) => detail.startsWith(words));
    return maker ? [call(maker[1], name, { detail })] : [];
  });
}

function addressOf({ via }: Delivery): string {
  return via.kind === 'bucket' ? `s3://${via.bucket}/${via.key}` : '';
}

interface More {
  /** An archive that the call itself carries, unless it goes through a bucket. */
  readonly sends?: Delivery;
  readonly detail?: string | null;
}

function call(name: string, target: string, { sends, detail = null }: More = {}): PlannedCall {
  const carries = sends !== undefined && (sends.via.kind === 'direct' || name === 's3:PutObject');
  return { call: name, target, bytes: carries ? sends.package.zippedBytes : null, detail };
}
