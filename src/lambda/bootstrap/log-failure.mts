import process from 'node:process';
import type { ErrorPayload } from './describe-error.mts';

// Functions replace these; what was there before is what counts.
const { stringify } = JSON;
const Clock = Date;

/** Logs a failure as Lambda's runtime client does; `id` is that of the invocation, undefined before the first one. */
export function logFailure(title: string, id: string | undefined, failure: ErrorPayload): void {
  const { errorType, errorMessage, trace } = failure;
  const facts = stringify({ errorType, errorMessage, stack: trace });
  process.stderr.write(`${new Clock().toISOString()}\t${id}\tERROR\t${title} \t${facts}\n`);
}
