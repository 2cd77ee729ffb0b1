import type { FunctionError } from '../lambda/types.ts';
import type { Runtime } from '../types.ts';
import type { Json } from './types.ts';

/** A failure as the function's runtime words it: Node.js calls the lines of the stack `trace`, Python `stackTrace`. */
export function toErrorPayload(error: FunctionError, language: Runtime['language']): Json {
  const { errorType, errorMessage, stackTrace } = error;
  if (!stackTrace) return { errorType, errorMessage };
  return { errorType, errorMessage, [language === 'nodejs' ? 'trace' : 'stackTrace']: stackTrace };
}
