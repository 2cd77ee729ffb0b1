import { endpointLog } from '../../aws/sagemaker/endpoint-log.ts';
import { type ErrorCode, SlimError } from '../../errors.ts';
import type { PublishedItem, PublishReport } from '../../publish-types.ts';
import type { Progress } from '../../types.ts';
import { describeEndpointStep } from './list-endpoint-calls.ts';
import { endSentence } from './plan-endpoint.ts';
import type { EndpointAccount, EndpointPlan, EndpointStep } from './types.ts';

interface Running {
  readonly plan: EndpointPlan;
  readonly account: EndpointAccount;
  readonly progress: Progress;
}

/** These say by themselves what there is now. */
const WHOLE: readonly ErrorCode[] = [
  'SAGEMAKER_ENDPOINT_FAILED',
  'SAGEMAKER_ROLLED_BACK',
  'SAGEMAKER_NOT_READY',
];

/**
 * Does what a plan says, step by step, and waits until the endpoint is in service. Throws `SAGEMAKER_ENDPOINT_FAILED`,
 * `SAGEMAKER_ROLLED_BACK`, and `PUBLISH_INCOMPLETE` with what was done and what was not; a new plan completes it.
 */
export async function runEndpoint(running: Running): Promise<PublishReport> {
  const { plan } = running;
  const items: PublishedItem[] = [];
  for (const [index, step] of plan.steps.entries()) {
    try {
      items.push(await runStep(step, running));
    } catch (error) {
      throw explainStop(error, items, plan.steps.slice(index), plan);
    }
  }
  return toReport(plan, items);
}

async function runStep({ kind }: EndpointStep, running: Running): Promise<PublishedItem> {
  const { plan, account } = running;
  const { wanted } = plan;
  const { sagemaker } = account;
  switch (kind) {
    case 'upload':
      return upload(running);
    case 'create-model':
      await sagemaker.createModel(wanted.model);
      return toItem('model', wanted.model.name, 'created', wanted.model.image);
    case 'create-config':
      await sagemaker.createEndpointConfig(wanted.config);
      return toItem('config', wanted.config.name, 'created');
    case 'delete-endpoint':
      await sagemaker.deleteEndpoint(wanted.name);
      return toItem('endpoint', wanted.name, 'deleted', 'it had failed');
    case 'create-endpoint':
      await sagemaker.createEndpoint(wanted.name, wanted.config.name, wanted.config.tags);
      return waitForEndpoint(running, 'created');
    case 'update-endpoint':
      await sagemaker.updateEndpoint(wanted.name, wanted.config.name);
      return waitForEndpoint(running, 'updated');
    default:
      return kind satisfies never;
  }
}

async function upload({ plan, account, progress }: Running): Promise<PublishedItem> {
  const { archive, wanted } = plan;
  const { bucket, key } = wanted;
  if (bucket === null) throw new Error('an archive goes through a bucket');
  progress.start(`Uploading ${key}`, archive.bytes);
  const onBytes = (bytes: number): void => progress.tick(bytes);
  await account.objects.upload(bucket, key, archive.path, { sha256: archive.sha256, onBytes });
  progress.done();
  return { ...toItem('object', key, 'sent'), where: wanted.model.archive, bytes: archive.bytes };
}

/** What SageMaker reports when it is settled says whether it has what was wanted. */
async function waitForEndpoint(
  { plan, account, progress }: Running,
  outcome: 'created' | 'updated',
): Promise<PublishedItem> {
  const { name, config } = plan.wanted;
  let told = '';
  const settled = await account.sagemaker.waitUntilSettled(name, ({ status }) => {
    if (status !== told) progress.start(`${name}: ${status}`);
    told = status;
  });
  progress.done(settled?.status ?? 'gone');
  const log = endpointLog(name);
  const reason = endSentence(settled?.failure ?? (settled === null ? 'somebody deleted it' : null));
  if (settled === null || settled.status === 'Failed' || settled.status === 'OutOfService')
    throw new SlimError('SAGEMAKER_ENDPOINT_FAILED', [name, reason, log]);
  if (settled.config !== config.name || settled.status !== 'InService')
    throw new SlimError('SAGEMAKER_ROLLED_BACK', [name, reason, log]);
  return { ...toItem('endpoint', name, outcome), where: settled.arn };
}

function toItem(
  what: string,
  name: string,
  outcome: PublishedItem['outcome'],
  detail: string | null = null,
): PublishedItem {
  return { what, name, outcome, where: null, bytes: null, detail };
}

function explainStop(
  error: unknown,
  items: readonly PublishedItem[],
  left: readonly EndpointStep[],
  plan: EndpointPlan,
): unknown {
  if (!(error instanceof SlimError) || WHOLE.includes(error.code)) return error;
  const done = items.map(({ outcome, what, name }) => `${what} ${name} ${outcome}`);
  const rest = left.map(step => describeEndpointStep(step, plan));
  const facts = [done, rest, endSentence(error.message), error.hint] as const;
  return new SlimError('PUBLISH_INCOMPLETE', [...facts], { cause: error });
}

function toReport(plan: EndpointPlan, items: readonly PublishedItem[]): PublishReport {
  const { wanted, region, state, notes } = plan;
  const same: readonly PublishedItem[] = plan.steps.some(({ kind }) =>
    /^(?:create|update)-endpoint$/.test(kind),
  )
    ? []
    : [{ ...toItem('endpoint', wanted.name, 'unchanged'), where: state.endpoint?.arn ?? null }];
  return {
    functionName: wanted.name,
    region,
    items: [...items, ...same],
    urls: [],
    notes,
    sentBytes: items.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
  };
}
