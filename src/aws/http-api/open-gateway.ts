import type { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { askAgain } from '../ask-again.ts';
import { awsCause, isAwsError } from '../aws-cause.ts';
import type { Call } from '../call.ts';
import { makeLazyCall } from '../lazy-call.ts';
import { completePatience, toPatientConfig } from '../patience.ts';
import type { Patience } from '../types.ts';

/** API Gateway, and the patience to ask it with. */
export interface Gateway {
  readonly call: Call<ApiGatewayV2>;
  /** Asks once, for what a second call would make a second time. */
  readonly callOnce: Call<ApiGatewayV2>;
  readonly patience: Patience;
}

export function openGateway(
  env: Readonly<Record<string, string | undefined>>,
  region: string,
  patience: Patience,
): Gateway {
  const open = async (tries: Patience): Promise<ApiGatewayV2> => {
    const { ApiGatewayV2 } = await import('@aws-sdk/client-apigatewayv2');
    return new ApiGatewayV2({ ...toPatientConfig(env, 'APIGATEWAYV2', tries), region });
  };
  return {
    call: whenIdle(
      makeLazyCall(() => open(patience), patience.signal),
      patience,
    ),
    callOnce: whenIdle(
      makeLazyCall(() => open({ ...patience, attempts: 1 }), patience.signal),
      patience,
    ),
    patience,
  };
}

/** API Gateway takes one change of an API at a time, and refuses another meanwhile. */
function whenIdle(call: Call<ApiGatewayV2>, patience: Patience): Call<ApiGatewayV2> {
  const { signal, pollMs, waitMs } = completePatience(patience);
  const mayPass = (error: unknown): boolean =>
    isAwsError(error, 'ConflictException') && /concurrent modification/.test(awsCause(error)?.message ?? '');
  return (action, use) => askAgain(() => call(action, use), { signal, pauseMs: pollMs, waitMs, mayPass });
}
