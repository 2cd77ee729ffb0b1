import type { Lambda } from '@aws-sdk/client-lambda';
import { toClientConfig } from '../client-config.ts';
import { explainAwsError } from '../explain-aws-error.ts';

/** Calls Lambda's API. What it throws is explained: `action` says in words what was tried. */
export type CallLambda = <T>(action: string, call: (lambda: Lambda) => Promise<T>) => Promise<T>;

/** Loads the SDK and makes a client for what `env` says; nothing is asked of AWS yet. */
export async function openLambda(env: Readonly<Record<string, string | undefined>>): Promise<CallLambda> {
  const { Lambda } = await import('@aws-sdk/client-lambda');
  const lambda = new Lambda(toClientConfig(env, 'LAMBDA'));
  return async (action, call) => {
    try {
      return await call(lambda);
    } catch (error) {
      throw explainAwsError(error, action);
    }
  };
}
