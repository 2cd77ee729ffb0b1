import type { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import type { Call } from '../call.ts';
import { makeLazyCall } from '../lazy-call.ts';
import { toPatientConfig } from '../patience.ts';
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
    call: makeLazyCall(() => open(patience), patience.signal),
    callOnce: makeLazyCall(() => open({ ...patience, attempts: 1 }), patience.signal),
    patience,
  };
}
