import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';

/** Gives an event as the bytes that Lambda would hand over. Throws `PAYLOAD_TOO_LARGE` and `EVENT_INVALID`. */
export function checkEvent(event: string | Uint8Array): Uint8Array {
  const bytes = typeof event === 'string' ? Buffer.from(event) : event;
  if (bytes.length > limits.eventBytes)
    throw new SlimError('PAYLOAD_TOO_LARGE', ['The event', bytes.length, limits.eventBytes]);
  checkJson('of the invocation', bytes);
  return bytes;
}

/** Gives a client context on one line, as a header can hold it. Throws `EVENT_INVALID`. */
export function checkClientContext(text: string | undefined): string | null {
  if (text === undefined) return null;
  return JSON.stringify(checkJson('in clientContext', Buffer.from(text)));
}

function checkJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    throw new SlimError('EVENT_INVALID', [name, reason], { cause: error });
  }
}
