import { toLog } from '../../lambda-log.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, Refusal, type Reply } from '../types.ts';
import { findFunction, findVersion } from './find.ts';
import { conflict } from './refusals.ts';

/** Gives what the tests' own `invoke` answers; the first call of an environment is cold, unless concurrency is provisioned. */
export async function invoke(call: Call, state: AccountState): Promise<Reply> {
  const { fn, qualifier } = findFunction(call, state);
  const { version } = findVersion(fn, qualifier);
  if (fn.state === 'Pending')
    throw conflict(
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    );
  const provisioned = fn.provisioned.get(qualifier ?? '');
  const cold = provisioned === undefined && fn.warm === 0;
  fn.warm = 1;
  const event: unknown = JSON.parse(call.body.toString() || 'null');
  const isEvent = call.headers['x-amz-invocation-type'] === 'Event';
  const work = () => state.behaviour.invoke({ functionName: fn.name, version, event, cold, isEvent });
  if (isEvent) {
    void run(work).catch(() => {});
    return { status: 202 };
  }
  const [headers, payload] = await run(work);
  const reply = json(200, payload as object);
  const log = call.headers['x-amz-log-type'] === 'Tail' ? toLog('text', cold) : null;
  return {
    ...reply,
    headers: {
      ...reply.headers,
      ...headers,
      'X-Amz-Executed-Version': version,
      ...(log === null ? {} : { 'X-Amz-Log-Result': Buffer.from(log).toString('base64') }),
    },
  };
}

async function run(
  work: () => unknown,
): Promise<readonly [headers: Record<string, string>, payload: unknown]> {
  try {
    return [{}, (await work()) ?? null];
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const { name, message } = error as Error;
    return [{ 'X-Amz-Function-Error': 'Unhandled' }, { errorType: name, errorMessage: message, trace: [] }];
  }
}
