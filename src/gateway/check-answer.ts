import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isRecord } from './is-record.ts';
import type { Header } from './types.ts';

/** A reason for which a gateway cannot use an answer; never leaves this room. */
export class Malformed extends Error {}

/** A status that can end a request; a string of three digits is one too. Throws `Malformed`. */
export function checkStatus(value: unknown): number {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new Malformed(`statusCode has to be a number from 200 to 599, not ${JSON.stringify(value)}`);
}

/** An object of headers whose values are of these types, or lists of them. Throws `Malformed`. */
export function checkHeaders(value: unknown, key: string, types: readonly string[]): readonly Header[] {
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) throw new Malformed(`${key} has to be an object`);
  return Object.entries(value).flatMap(([name, content]) => {
    const values = key === 'multiValueHeaders' && Array.isArray(content) ? content : [content];
    return values.map(item => {
      if (!types.includes(typeof item))
        throw new Malformed(`the header ${name} has to be a ${types.join(' or a ')}`);
      return checkHeader(name, String(item));
    });
  });
}

/** Refuses what would end the header and begin another, and what HTTP cannot carry. */
export function checkHeader(name: string, value: string): Header {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return [name, value];
  } catch {
    throw new Malformed(`the header ${JSON.stringify(name)} has a name or a value that HTTP does not allow`);
  }
}

/** The bytes of a body; base64 has to be valid. Throws `Malformed`. */
export function checkBody(value: string, isBase64: boolean): Uint8Array {
  if (!isBase64) return Buffer.from(value, 'utf8');
  const base64 = value.replace(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw new Malformed('isBase64Encoded is true, but the body is no base64');
  return Buffer.from(base64, 'base64');
}
