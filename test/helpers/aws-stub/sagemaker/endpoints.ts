import type { AccountState } from '../state.ts';
import { type Call, json, NOTHING, type Reply } from '../types.ts';
import { invalid, readInput, readName } from './input.ts';
import { toArn } from './models.ts';
import type { EndpointState } from './state.ts';

export function createEndpoint(call: Call, state: AccountState): Reply {
  const input = readInput(call, ['EndpointName', 'EndpointConfigName', 'Tags']);
  const name = readName(input, 'EndpointName');
  const config = findConfig(input, state);
  const { endpoints } = state.sagemaker;
  const arn = toArn(state, 'endpoint', name);
  if (endpoints.has(name)) throw invalid(`Cannot create already existing endpoint "${arn}".`);
  const looks = state.behaviour.endpointLooks;
  endpoints.set(name, { name, config, status: 'Creating', failure: null, next: config, looks });
  return json(200, { EndpointArn: arn });
}

export function updateEndpoint(call: Call, state: AccountState): Reply {
  const input = readInput(call, ['EndpointName', 'EndpointConfigName']);
  const config = findConfig(input, state);
  const endpoint = findEndpoint(readName(input, 'EndpointName'), state);
  const arn = toArn(state, 'endpoint', endpoint.name);
  settle(endpoint, state);
  if (endpoint.status !== 'InService') throw invalid(`Cannot update in-progress endpoint "${arn}".`);
  if (endpoint.config === config)
    throw invalid(`Cannot update endpoint "${arn}" with the same endpoint configuration.`);
  if (isServerless(endpoint.config, state) !== isServerless(config, state))
    throw invalid('Cannot update an instance-based endpoint to a serverless endpoint or back.');
  Object.assign(endpoint, { status: 'Updating', next: config, looks: state.behaviour.endpointLooks });
  return json(200, { EndpointArn: arn });
}

export function describeEndpoint(call: Call, state: AccountState): Reply {
  const name = readName(readInput(call, ['EndpointName']), 'EndpointName');
  const endpoint = findEndpoint(name, state);
  settle(endpoint, state);
  if (!state.sagemaker.endpoints.has(name)) throw missing(name, state);
  const { config, status, failure } = endpoint;
  const serverless = state.sagemaker.configs.get(config)?.serverless;
  const isUp = status !== 'Creating' && status !== 'Failed';
  return json(200, {
    EndpointName: name,
    EndpointArn: toArn(state, 'endpoint', name),
    EndpointConfigName: config,
    EndpointStatus: status,
    ...(failure === null ? {} : { FailureReason: failure }),
    ...(isUp
      ? {
          ProductionVariants: [
            {
              VariantName: 'AllTraffic',
              ...(serverless ? { CurrentServerlessConfig: serverless } : { CurrentInstanceCount: 1 }),
            },
          ],
        }
      : {}),
    CreationTime: 0,
    LastModifiedTime: 0,
  });
}

export function deleteEndpoint(call: Call, state: AccountState): Reply {
  const endpoint = findEndpoint(readName(readInput(call, ['EndpointName']), 'EndpointName'), state);
  Object.assign(endpoint, { status: 'Deleting', looks: state.behaviour.endpointLooks });
  return NOTHING;
}

/** Each look brings what is under way nearer to its end; `failsToStart` says which models do not come up. */
function settle(endpoint: EndpointState, state: AccountState): void {
  const { status, next } = endpoint;
  if (status === 'InService' || status === 'Failed' || endpoint.looks-- > 0) return;
  if (status === 'Deleting') return void state.sagemaker.endpoints.delete(endpoint.name);
  if (status === 'RollingBack') return void Object.assign(endpoint, { status: 'InService', next: null });
  const model = state.sagemaker.models.get(state.sagemaker.configs.get(next ?? '')?.model ?? '');
  const failure = model ? state.behaviour.failsToStart(model) : null;
  if (failure === null)
    Object.assign(endpoint, { status: 'InService', config: next, next: null, failure: null });
  else if (status === 'Creating') Object.assign(endpoint, { status: 'Failed', failure, next: null });
  else Object.assign(endpoint, { status: 'RollingBack', failure, looks: state.behaviour.endpointLooks });
}

function findConfig(input: Readonly<Record<string, unknown>>, state: AccountState): string {
  const name = readName(input, 'EndpointConfigName');
  if (!state.sagemaker.configs.has(name))
    throw invalid(`Could not find endpoint configuration "${toArn(state, 'endpoint-config', name)}".`);
  return name;
}

function findEndpoint(name: string, state: AccountState): EndpointState {
  const found = state.sagemaker.endpoints.get(name);
  if (!found) throw missing(name, state);
  return found;
}

function missing(name: string, state: AccountState) {
  return invalid(`Could not find endpoint "${toArn(state, 'endpoint', name)}".`);
}

function isServerless(config: string, state: AccountState): boolean {
  return state.sagemaker.configs.get(config)?.serverless !== null;
}
