import { isNativeError } from 'node:util/types';

/** The form in which a Node.js function's failure is told. */
export interface ErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** What was thrown, in the form and with the words of Lambda's runtime client. Anything can be thrown. */
export function describeError(thrown: unknown): ErrorPayload {
  try {
    if (thrown instanceof Error || isNativeError(thrown)) {
      const { name, message, stack } = thrown;
      return { errorType: `${name}`, errorMessage: `${message}`, trace: stack ? `${stack}`.split('\n') : [] };
    }
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    };
  }
}

/** The same in one line. */
export function describeBriefly(thrown: unknown): string {
  const { errorType, errorMessage } = describeError(thrown);
  return thrown instanceof Error ? `${errorType}: ${errorMessage}` : errorMessage;
}

/** An error with the name that Lambda gives it. */
export function runtimeError(name: string, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return error;
}
