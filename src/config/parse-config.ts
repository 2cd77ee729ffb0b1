import type { z } from 'zod';
import { SlimError } from '../errors.ts';
import { findNearest } from '../util/nearest.ts';
import { configSchema, findKnownKeys } from './schema.ts';
import type { UserConfig } from './types.ts';

type Issue = z.core.$ZodIssue;

/** Checks a raw config; throws `CONFIG_INVALID` with every problem, each with its place. */
export function parseConfig(rawConfig: unknown, source: string): UserConfig {
  const result = configSchema.safeParse(rawConfig);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(issue => describeIssue(issue, [], rawConfig));
  throw new SlimError('CONFIG_INVALID', [source, problems]);
}

function describeIssue(issue: Issue, base: readonly PropertyKey[], root: unknown): readonly string[] {
  const path = [...base, ...issue.path];
  const at = formatPath(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => describeKey(key, path));
    case 'invalid_union':
      return describeUnion(issue, path, root);
    case 'invalid_type':
      return [`${at}: expected ${nameType(issue.expected)}, found ${describeValue(valueAt(root, path))}`];
    case 'invalid_value':
      return [
        `${at}: expected ${issue.values.map(value => JSON.stringify(value)).join(' or ')}, found ${describeValue(valueAt(root, path))}`,
      ];
    case 'too_small':
    case 'too_big':
      return [
        `${at}: ${issue.origin === 'string' ? 'expected some text' : issue.message}, found ${describeValue(valueAt(root, path))}`,
      ];
    case 'invalid_key':
      return issue.issues.map(inner => `${at}: ${inner.message}`);
    default:
      return [`${at}: ${issue.message}`];
  }
}

function describeKey(key: string, path: readonly PropertyKey[]): string {
  const nearest = findNearest(key, findKnownKeys(path))[0];
  const where = path.length === 0 ? '' : ` in ${formatPath(path)}`;
  return `unknown key ${JSON.stringify(key)}${where}${nearest ? `; did you mean "${nearest}"?` : ''}`;
}

/** Only the branch that has the value's own type says something useful. */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly PropertyKey[],
  root: unknown,
): readonly string[] {
  const value = valueAt(root, path);
  const branch = issue.errors.find(
    issues =>
      issues.every(({ path }) => path.length > 0 || isObject(value)) &&
      !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  if (branch) return branch.flatMap(inner => describeIssue(inner, path, root));
  return [`${formatPath(path)}: expected true, false or an object, found ${describeValue(value)}`];
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), root);
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function nameType(expected: string): string {
  return ARTICLES[expected] ?? expected;
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  if (value === '') return '""';
  if (typeof value === 'function') return 'a function';
  return `${typeof value} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the config' : path.map(String).join('.');
}
