import { z } from 'zod';
import { limits } from '../platform/limits.ts';
import { RUNTIME_PACKAGES } from '../platform/runtime-packages.ts';
import {
  ARCHS,
  BUILD_TARGETS,
  BUNDLE_FORMATS,
  BYTECODE_MODES,
  COMPRESS_LEVELS,
  PRUNE_LEVELS,
} from '../types.ts';
import { budgetShape } from './schema-budget.ts';
import { containerShape } from './schema-container.ts';
import { efsShape, publishShape } from './schema-publish.ts';
import { sagemakerShape } from './schema-sagemaker.ts';

const text = z
  .string()
  .min(1)
  .refine(value => !value.includes('\0'), 'has a NUL character');
const texts = z.array(text);

/** Names become file names, so they must be harmless on every system. */
const functionName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,139}$/, 'a function name has letters, digits, "_", "-" and "." only');

const MEMORY_SIZE = `expected a whole number of MiB from ${limits.memoryMinMiB} to ${limits.memoryMaxMiB}`;
const TIMEOUT = `expected a whole number of seconds from 1 to ${limits.timeoutSeconds}`;
const TMP_SIZE = `expected a whole number of MiB from ${limits.tmpMinMiB} to ${limits.tmpMaxMiB}`;

const PROVIDED = `expected true, or a list of ${RUNTIME_PACKAGES.join(', ')}`;
const SERVICE = 'expected the name of a service as in boto3.client("s3")';

const functionShape = {
  root: text.optional(),
  entry: text,
  handler: z
    .string()
    .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'expected the name of an export, such as "handler" or "api.handler"')
    .optional(),
  runtime: text.optional(),
  arch: z.enum([...ARCHS, 'x86_64']).optional(),
  include: texts.optional(),
  exclude: texts.optional(),
  external: texts.optional(),
  bundle: z
    .union([
      z.boolean(),
      z.strictObject({
        format: z.enum(BUNDLE_FORMATS).optional(),
        minify: z.boolean().optional(),
        sourcemap: z.boolean().optional(),
        keepNames: z.boolean().optional(),
      }),
    ])
    .optional(),
  install: z
    .strictObject({ scripts: texts.optional(), container: z.union([z.boolean(), text]).optional() })
    .optional(),
  container: z.strictObject(containerShape).optional(),
  python: z
    .strictObject({
      awsServices: z.array(z.string().regex(/^[a-z0-9-]+$/, SERVICE)).optional(),
      runtimeProvides: z
        .union([z.literal(true), texts])
        .refine(names => names === true || names.every(name => RUNTIME_PACKAGES.includes(name)), PROVIDED)
        .optional(),
    })
    .optional(),
  level: z.enum(PRUNE_LEVELS).optional(),
  rules: z.strictObject({ disable: texts.optional(), enable: texts.optional() }).optional(),
  keep: texts.optional(),
  presets: texts.optional(),
  compress: z.enum(COMPRESS_LEVELS).optional(),
  compileCache: z.boolean().optional(),
  bytecode: z.enum(BYTECODE_MODES).optional(),
  native: z
    .strictObject({
      strip: z.boolean().optional(),
      stripExcept: texts.optional(),
      dedupe: z.boolean().optional(),
      compress: z
        .union([
          z.boolean(),
          z.strictObject({
            minBytes: z.int('expected a number of bytes').min(0, 'expected a number of bytes').optional(),
            only: texts.optional(),
            except: texts.optional(),
          }),
        ])
        .optional(),
    })
    .optional(),
  tmpMiB: z.int(TMP_SIZE).min(limits.tmpMinMiB, TMP_SIZE).max(limits.tmpMaxMiB, TMP_SIZE).optional(),
  memoryMiB: z
    .int(MEMORY_SIZE)
    .min(limits.memoryMinMiB, MEMORY_SIZE)
    .max(limits.memoryMaxMiB, MEMORY_SIZE)
    .optional(),
  timeoutSeconds: z.int(TIMEOUT).min(1, TIMEOUT).max(limits.timeoutSeconds, TIMEOUT).optional(),
  environment: z
    .record(
      z
        .string()
        .regex(
          /^[a-zA-Z][a-zA-Z0-9_]+$/,
          'a variable has two or more letters, digits and "_", a letter first',
        ),
      z.string(),
    )
    .optional(),
  verify: z
    .union([
      z.boolean(),
      z.strictObject({
        enabled: z.boolean().optional(),
        events: texts.optional(),
        tolerance: z.number('expected a number').min(0, 'expected a number from 0 on').optional(),
        headers: texts.optional(),
        ignore: texts.optional(),
      }),
    ])
    .optional(),
  exact: z.strictObject({ rest: z.boolean().optional(), fallback: z.boolean().optional() }).optional(),
  budget: z.strictObject(budgetShape).optional(),
  target: z.enum(BUILD_TARGETS).optional(),
  publish: z.strictObject(publishShape).optional(),
};

/** The shape of a config file; a key it does not know is an error. */
export const configSchema = z
  .strictObject({
    ...functionShape,
    entry: text.optional(),
    functions: z.record(functionName, z.strictObject(functionShape)).optional(),
    out: text.optional(),
  })
  .check(context => {
    const { entry, functions } = context.value;
    if (entry !== undefined && functions !== undefined) {
      context.issues.push(problem('entry', '"entry" and "functions" exclude each other', context.value));
    }
    const published = new Map<string, string>();
    for (const [name, fn] of Object.entries(functions ?? {})) {
      const target = fn.publish?.functionName ?? context.value.publish?.functionName;
      const other = target === undefined ? undefined : published.get(target);
      if (target !== undefined && other !== undefined)
        context.issues.push(problem('functions', sharedNameText(other, name, target), context.value));
      if (target !== undefined) published.set(target, name);
    }
    const seen = new Map<string, string>();
    for (const name of Object.keys(functions ?? {})) {
      const twin = seen.get(name.toLowerCase());
      if (twin) context.issues.push(problem('functions', twinText(twin, name), context.value));
      seen.set(name.toLowerCase(), name);
    }
  });

function problem(key: string, message: string, input: unknown) {
  return { code: 'custom' as const, path: [key], message, input };
}

function sharedNameText(a: string, b: string, target: string): string {
  return `"${a}" and "${b}" are both published as "${target}", so each would overwrite the other`;
}

function twinText(a: string, b: string): string {
  return `"${a}" and "${b}" differ in case only, so their artifacts would be one file on some systems`;
}

const bundleKeys = ['format', 'minify', 'sourcemap', 'keepNames'];

/** Keys that are allowed at a path of the config, for finding the one that was meant. */
export function findKnownKeys(path: readonly PropertyKey[]): readonly string[] {
  const last = path.at(-1);
  if (path.length === 0) return [...Object.keys(functionShape), 'functions', 'out'];
  if (path.length === 2 && path[0] === 'functions') return Object.keys(functionShape);
  if (last === 'bundle') return bundleKeys;
  if (last === 'install') return ['scripts', 'container'];
  if (last === 'container') return Object.keys(containerShape);
  if (last === 'python') return ['awsServices', 'runtimeProvides'];
  if (last === 'native') return ['strip', 'stripExcept', 'dedupe', 'compress'];
  if (last === 'compress') return ['minBytes', 'only', 'except'];
  if (last === 'verify') return ['enabled', 'events', 'tolerance', 'headers', 'ignore'];
  if (last === 'budget') return Object.keys(budgetShape);
  if (last === 'exact') return ['rest', 'fallback'];
  if (last === 'publish') return Object.keys(publishShape);
  if (last === 'efs') return Object.keys(efsShape);
  if (last === 'sagemaker') return Object.keys(sagemakerShape);
  if (last === 'layers') return ['files', 'environment', 'attach'];
  if (last === 'rules') return ['disable', 'enable'];
  return [];
}
