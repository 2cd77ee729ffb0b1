/** The pipe between parent and bootstrap, in both directions. */
export const CHANNEL_FD = 3;

/** What the parent asks of the bootstrap, once. */
export interface InvokeRequest {
  readonly taskRoot: string;
  /** Lambda's `Handler` setting, such as `src/index.handler`. */
  readonly handler: string;
  readonly event: unknown;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly memoryMiB: number;
  /** Node.js 24 and later refuse callback handlers. */
  readonly callbacks: boolean;
}

/** The form in which Lambda reports a function's failure. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What the bootstrap tells the parent: that the handler is loaded, then how it ended. */
export type BootstrapMessage =
  | { readonly kind: 'ready' }
  /** JSON text; null where the handler answered undefined. */
  | { readonly kind: 'answer'; readonly payload: string | null }
  | { readonly kind: 'error'; readonly error: FunctionError };
