import type { Properties, Template } from './read-template.ts';

/** A text, or what a parameter has by default; null for what is known only when it is deployed. */
export function textOf(value: unknown, { defaults }: Template): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const name = refOf(value);
  return name === null ? null : (defaults.get(name) ?? null);
}

/** The name that a `Ref` has. */
export function refOf(value: unknown): string | null {
  const name = isRecord(value) ? value.Ref : undefined;
  return typeof name === 'string' ? name : null;
}

export function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The variables with what is known of them; what is known in AWS only counts as nothing. */
export function variablesOf(
  environment: unknown,
  template: Template,
): Readonly<Record<string, string>> | null {
  const variables = isRecord(environment) ? environment.Variables : undefined;
  if (!isRecord(variables)) return null;
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, textOf(value, template) ?? '']),
  );
}
