import type { PlannedCall } from '../../publish-types.ts';
import type { EndpointPlan, EndpointStep } from './types.ts';

/** The writing calls of a plan in their order, for `--dry-run`; sizes are bytes. An upload in parts counts as one. */
export function listEndpointCalls(plan: EndpointPlan): readonly PlannedCall[] {
  return plan.steps.map(step => toCall(step, plan));
}

/** A step in one phrase. */
export function describeEndpointStep(step: EndpointStep, plan: EndpointPlan): string {
  const { call, target } = toCall(step, plan);
  return `${call.split(':')[1]} ${target}`;
}

function toCall({ kind }: EndpointStep, { archive, wanted }: EndpointPlan): PlannedCall {
  const { name, model, config } = wanted;
  const nothing = { bytes: null, detail: null };
  switch (kind) {
    case 'upload':
      return { ...nothing, call: 's3:PutObject', target: model.archive, bytes: archive.bytes };
    case 'create-model':
      return { ...nothing, call: 'sagemaker:CreateModel', target: model.name, detail: model.image };
    case 'create-config': {
      const detail = `${config.memoryMiB} MiB, ${config.maxConcurrency} calls at a time`;
      return { ...nothing, call: 'sagemaker:CreateEndpointConfig', target: config.name, detail };
    }
    case 'delete-endpoint':
      return { ...nothing, call: 'sagemaker:DeleteEndpoint', target: name };
    case 'create-endpoint':
      return { ...nothing, call: 'sagemaker:CreateEndpoint', target: name, detail: config.name };
    case 'update-endpoint':
      return { ...nothing, call: 'sagemaker:UpdateEndpoint', target: name, detail: config.name };
    default:
      return kind satisfies never;
  }
}
