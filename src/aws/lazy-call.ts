import { type Call, makeCall } from './call.ts';

/** Calls by way of a client that is made at the first call: loading an SDK takes time, and few runs need all of them. */
export function makeLazyCall<C>(open: () => Promise<C>, signal: AbortSignal): Call<C> {
  let opened: Promise<Call<C>> | undefined;
  return async (action, use) => {
    opened ??= open().then(client => makeCall(client, signal));
    const call = await opened;
    return call(action, use);
  };
}
