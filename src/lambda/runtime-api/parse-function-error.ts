import type { FunctionError } from '../types.ts';

/** What a runtime client told of a failure. Anything may stand in the body; the type in the header stands in for a missing one. */
export function parseFunctionError(body: Uint8Array, header: string | undefined): FunctionError {
  const told = parseObject(body);
  const lines = [told.stackTrace, told.trace].find(Array.isArray);
  return {
    errorType: toText(told.errorType) || header || 'Runtime.Unknown',
    errorMessage: toText(told.errorMessage),
    ...(lines ? { stackTrace: lines.map(toText) } : {}),
  };
}

function parseObject(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
