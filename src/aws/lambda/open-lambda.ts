import type { Lambda, LambdaClientConfig } from '@aws-sdk/client-lambda';
import { type Call, makeCall } from '../call.ts';
import { toClientConfig } from '../client-config.ts';
import { makeLazyCall } from '../lazy-call.ts';
import { completePatience, toPatientConfig } from '../patience.ts';
import type { Patience } from '../types.ts';

/** Calls Lambda's API. */
export type CallLambda = Call<Lambda>;

/** Lambda's API for one who waits, asks again and may be cancelled. */
export interface PatientLambda {
  readonly call: CallLambda;
  /** The same without asking again, for what must not be done twice. */
  readonly callOnce: CallLambda;
  /** The same for one who waits as long as a function may run. */
  readonly callLong: CallLambda;
  readonly patience: Required<Patience>;
}

/** A function runs for 15 minutes at most, and its init comes before that. */
const LONG = { connectionTimeout: 10_000, socketTimeout: 960_000 };

type Env = Readonly<Record<string, string | undefined>>;

/** Loads the SDK and makes a client for what `env` says; nothing is asked of AWS yet. An invocation may last as long as it likes. */
export async function openLambda(env: Env): Promise<CallLambda> {
  return makeCall(await makeClient(toClientConfig(env, 'LAMBDA')));
}

/** The same for calls that answer soon, or never. */
export async function openPatientLambda(env: Env, patience: Patience): Promise<PatientLambda> {
  const { signal } = patience;
  const config = toPatientConfig(env, 'LAMBDA', patience);
  return {
    call: makeCall(await makeClient(config), signal),
    callOnce: makeCall(await makeClient({ ...config, maxAttempts: 1 }), signal),
    callLong: makeLazyCall(() => makeClient({ ...config, maxAttempts: 1, requestHandler: LONG }), signal),
    patience: completePatience(patience),
  };
}

async function makeClient(config: LambdaClientConfig): Promise<Lambda> {
  const { Lambda } = await import('@aws-sdk/client-lambda');
  return new Lambda(config);
}
