import { limits } from '../../platform/limits.ts';
import { makeDeferred } from '../deferred.ts';
import type { FunctionError, Outcome } from '../types.ts';

/** An event on its way to the runtime; the names are those of the headers that go with it. */
export interface RuntimeRequest {
  readonly requestId: string;
  readonly event: Uint8Array;
  /** Since the epoch. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string;
  /** JSON text. */
  readonly clientContext: string | null;
  readonly onStart?: ((contentType: string) => void) | undefined;
  readonly onChunk?: ((chunk: Uint8Array) => void) | undefined;
}

/** One invocation as its caller sees it. */
export interface Exchange {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Settles when the runtime is ready for another event. */
  readonly finished: Promise<void>;
  /** False while the runtime did not come to fetch the event. */
  wasDelivered(): boolean;
  /** Ends it where the runtime cannot any more; what was streamed until then counts. Nothing after an outcome. */
  fail(error: FunctionError): void;
}

/** The same as the Runtime API sees it. */
export interface OpenExchange extends Exchange {
  readonly request: RuntimeRequest;
  settle(outcome: Outcome): void;
  startStream(contentType: string): void;
  addChunk(chunk: Uint8Array): void;
  finish(): void;
  deliver(): void;
}

/** `Function.ResponseSizeTooLarge` with the words of Lambda. */
export const TOO_LARGE: FunctionError = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${limits.responseBytes} bytes).`,
};

export function openExchange(request: RuntimeRequest): OpenExchange {
  const outcome = makeDeferred<Outcome>();
  const finished = makeDeferred<void>();
  let contentType: string | null = null;
  const chunks: Uint8Array[] = [];
  let isDelivered = false;
  return {
    request,
    outcome: outcome.promise,
    finished: finished.promise,
    wasDelivered: () => isDelivered,
    deliver() {
      isDelivered = true;
    },
    settle: outcome.resolve,
    finish: () => finished.resolve(undefined),
    startStream(type) {
      contentType = type;
      request.onStart?.(type);
    },
    addChunk(chunk) {
      chunks.push(chunk);
      request.onChunk?.(chunk);
    },
    fail(error) {
      if (contentType === null) outcome.resolve({ kind: 'error', error });
      else outcome.resolve({ kind: 'stream', body: Buffer.concat(chunks), contentType, error });
    },
  };
}
