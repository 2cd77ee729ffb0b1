import { SlimError } from '../errors.ts';
import { explainAwsError } from './explain-aws-error.ts';

/** To be handed to each method of a client that may be cancelled. */
export interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

/** Calls an API of AWS. What it throws is explained: `action` says in words what was tried. */
export type Call<C> = <T>(action: string, use: (client: C, options: CallOptions) => Promise<T>) => Promise<T>;

/** Calls by way of `client`; with a signal, calls that take the options end when it is aborted. */
export function makeCall<C>(client: C, signal?: AbortSignal): Call<C> {
  const options = signal ? { abortSignal: signal } : {};
  return async (action, use) => {
    try {
      return await use(client, options);
    } catch (error) {
      if (signal?.aborted && !(error instanceof SlimError))
        throw new SlimError('CANCELLED', [], { cause: error });
      throw explainAwsError(error, action);
    }
  };
}
