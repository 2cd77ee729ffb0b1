import { type StubEnv, toStubEnv, withServer } from '../http-stub.ts';
import { newDataSyncState } from './datasync/state.ts';
import { type Fault, openFaults } from './faults.ts';
import { newSagemakerState } from './sagemaker/state.ts';
import { plant, type Seed } from './seed.ts';
import { createHandler, type StubRequest } from './server.ts';
import type { AccountState, Behaviour } from './state.ts';

export interface AwsStubOptions extends Partial<Behaviour> {
  readonly region?: string;
  readonly seed?: Seed;
  readonly faults?: readonly Fault[];
}

export interface AwsStub {
  /** Leads the SDK to the stub. */
  readonly env: StubEnv;
  readonly url: string;
  readonly state: AccountState;
  /** In the order in which they came; `requests.length = 0` is not for tests, since faults count by index. */
  readonly requests: readonly StubRequest[];
  /** Something goes wrong from now on. */
  fault(fault: Fault): void;
}

const DEFAULTS: Behaviour = {
  pendingLooks: 1,
  updateLooks: 1,
  provisionedLooks: 1,
  newRoleRefusals: 2,
  pageItems: 50,
  denied: [],
  blockedRuntimes: ['nodejs14.x', 'nodejs16.x', 'python3.7'],
  invoke: ({ event }) => event,
  copy: () => null,
  endpointLooks: 1,
  failsToStart: () => null,
  predict: ({ body, accept }) => ({ status: 200, contentType: accept, body: body.toString() }),
};

/**
 * An AWS account on loopback, for the SDK: Lambda, S3, IAM, API Gateway v2, SageMaker, EFS, DataSync and STS, as far as publishing needs them. It refuses
 * what AWS refuses, in AWS's words; where those are not known, its words start with `[stub]`.
 */
export async function withAwsStub<T>(
  { region = 'eu-west-1', seed = {}, faults = [], ...behaviour }: AwsStubOptions,
  use: (stub: AwsStub) => Promise<T>,
): Promise<T> {
  const requests: StubRequest[] = [];
  const rules = openFaults(faults);
  let handler: ReturnType<typeof createHandler> | null = null;
  return withServer(
    async (request, response) => handler?.(request, response),
    async port => {
      const url = `http://127.0.0.1:${port}`;
      const state = newAccount(region, url, { ...DEFAULTS, ...behaviour });
      await plant(state, seed);
      handler = createHandler(state, requests, rules);
      return use({ env: toStubEnv(port, region), url, state, requests, fault: rules.add });
    },
  );
}

function newAccount(region: string, endpoint: string, behaviour: Behaviour): AccountState {
  return {
    accountId: '123456789012',
    region,
    endpoint,
    behaviour,
    functions: new Map(),
    layers: new Map(),
    foreignLayers: new Map(),
    buckets: new Map(),
    roles: new Map(),
    httpApis: new Map(),
    accessPoints: new Map(),
    dataSync: newDataSyncState(),
    sagemaker: newSagemakerState(),
    downloads: new Map(),
  };
}
