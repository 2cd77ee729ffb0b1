import type { FunctionError, Outcome } from '../lambda/types.ts';
import { Malformed } from './check-answer.ts';
import { failureReply } from './failures.ts';
import { fromV1Answer } from './from-v1-answer.ts';
import { fromV2Answer } from './from-v2-answer.ts';
import { findHeader } from './headers.ts';
import type { GatewayRequest, GatewaySettings, Reply } from './types.ts';

/** What the gateway makes of how an invocation ended, all of it at once. */
export function toReply(outcome: Outcome, request: GatewayRequest, settings: GatewaySettings): Reply {
  if (outcome.kind === 'error') return toFailure(outcome.error, settings);
  if (outcome.kind === 'stream' && outcome.error) return toFailure(outcome.error, settings);
  try {
    return translate(Buffer.from(outcome.body).toString('utf8'), request, settings);
  } catch (thrown) {
    const why = `Malformed Lambda proxy response: ${explain(thrown)}${outcome.kind === 'stream' ? STREAM_HINT : ''}`;
    return failureReply(settings.api, 'malformed', why);
  }
}

function toFailure({ errorType, errorMessage }: FunctionError, { api }: GatewaySettings): Reply {
  return failureReply(api, 'function-failed', `${errorType}: ${errorMessage}`);
}

const STREAM_HINT =
  '. The function streams; that needs a function URL with RESPONSE_STREAM: --api url --streaming';

function translate(text: string, request: GatewayRequest, { api, binaryMediaTypes }: GatewaySettings): Reply {
  if (api !== 'rest') return fromV2Answer(text, api);
  return fromV1Answer(text, findHeader(request.headers, 'accept'), binaryMediaTypes);
}

function explain(thrown: unknown): string {
  if (thrown instanceof Malformed) return thrown.message;
  if (thrown instanceof SyntaxError) return 'it is no JSON';
  throw thrown;
}
