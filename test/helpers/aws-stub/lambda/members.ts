import { Refusal } from '../types.ts';
import { unsatisfied } from './refusals.ts';

export interface Bounds {
  readonly pattern?: RegExp;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
}

export type Members = Readonly<Record<string, unknown>>;

/** The JSON of a body; members that the stub does not know are refused, so that none is dropped in silence. */
export function readMembers(body: Buffer, known: readonly string[]): Members {
  const members = parse(body);
  const strange = Object.keys(members).filter(name => !known.includes(name));
  if (strange.length > 0)
    throw new Refusal(501, 'NotImplemented', `[stub] does not know ${strange.join(', ')}`);
  return members;
}

function parse(body: Buffer): Members {
  try {
    return body.length === 0 ? {} : (JSON.parse(body.toString()) as Members);
  } catch {
    throw new Refusal(400, 'SerializationException', '[stub] the body is not JSON');
  }
}

/** Checks a text, a number or a list as the service model does; `undefined` passes. */
export function check(member: string, value: unknown, bounds: Bounds): void {
  if (value === undefined) return;
  const { pattern, min, max, values } = bounds;
  const shown = Array.isArray(value) ? `[${value.join(', ')}]` : value;
  const what = typeof value === 'number' ? 'value' : 'length';
  const size = typeof value === 'number' ? value : (value as string | readonly unknown[]).length;
  const fails = (constraint: string): never => {
    throw unsatisfied(shown, member, constraint);
  };
  if (max !== undefined && size > max) fails(`Member must have ${what} less than or equal to ${max}`);
  if (min !== undefined && size < min) fails(`Member must have ${what} greater than or equal to ${min}`);
  if (pattern && !new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(String(value)))
    fails(`Member must satisfy regular expression pattern: ${pattern.source.replaceAll('\\/', '/')}`);
  for (const item of values ? [value].flat() : [])
    if (!values?.includes(String(item))) fails(enumConstraint(value, values ?? []));
}

function enumConstraint(value: unknown, values: readonly string[]): string {
  const set = `Member must satisfy enum value set: [${values.join(', ')}]`;
  return Array.isArray(value) ? `Member must satisfy constraint: [${set}, Member must not be null]` : set;
}

/** The same for a member that has to be there. */
export function checkRequired(member: string, value: unknown, bounds: Bounds = {}): void {
  if (value === undefined || value === null || value === '')
    throw unsatisfied(undefined, member, 'Member must not be null');
  check(member, value, bounds);
}
