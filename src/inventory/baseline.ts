import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SlimError } from '../errors.ts';
import { errnoOf, writeAtomic } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { Inventory } from './types.ts';

/** Raised when a field changes its meaning or goes. */
export const BASELINE_SCHEMA = 1;

const bytes = z.number().int().nonnegative();
const item = z.object({
  /** `npm`, `pypi`, or `own` for what is no package. */
  kind: z.enum(['npm', 'pypi', 'own']),
  name: z.string(),
  versions: z.array(z.string()),
  bytes,
});
const functionSchema = z.object({
  zippedBytes: bytes.nullable(),
  unzippedBytes: bytes,
  items: z.array(item),
});
const schema = z.object({
  schema: z.literal(BASELINE_SCHEMA),
  functions: z.record(z.string(), functionSchema),
});

/** A package with all its copies, or what else is in an artifact. Bytes are unzipped. */
export type BaselineItem = z.infer<typeof item>;
/** One function; sizes in bytes. */
export type BaselineFunction = z.infer<typeof functionSchema>;
/** What `--save-baseline` writes; the same artifacts give the same file. */
export type Baseline = z.infer<typeof schema>;

/** Sums up a function from its artifact and layers, of which the first is the artifact. */
export function toBaselineFunction(parts: readonly Inventory[]): BaselineFunction {
  const items = new Map<string, BaselineItem>();
  const add = (kind: BaselineItem['kind'], name: string, version: string | null, more: number): void => {
    const key = `${kind}\0${name}`;
    const before = items.get(key) ?? { kind, name, versions: [], bytes: 0 };
    const versions = new Set([...before.versions, ...(version === null ? [] : [version])]);
    items.set(key, {
      ...before,
      versions: [...versions].sort(compareCodeUnits),
      bytes: before.bytes + more,
    });
  };
  for (const { files, packages } of parts) {
    for (const each of packages) add(each.ecosystem, each.name, each.version, each.bytes);
    const inBundles = packages
      .filter(({ isBundled }) => isBundled)
      .reduce((sum, each) => sum + each.bytes, 0);
    const labels = new Set(
      packages.map(({ name, version }) => (version === '' ? name : `${name}@${version}`)),
    );
    for (const file of files) if (!labels.has(file.group)) add('own', file.group, null, file.bytes);
    if (inBundles > 0) add('own', 'your bundled code', null, -inBundles);
  }
  return {
    zippedBytes: parts[0]?.zippedBytes ?? null,
    unzippedBytes: parts.reduce((sum, part) => sum + part.unzippedBytes, 0),
    items: [...items]
      .sort(([a], [b]) => compareCodeUnits(a, b))
      .map(([, each]) => ({ ...each, bytes: Math.max(0, each.bytes) })),
  };
}

/** Writes a baseline, whole or not at all. Throws `OUTPUT_UNWRITABLE`. */
export async function writeBaseline(
  path: string,
  functions: Readonly<Record<string, BaselineFunction>>,
): Promise<void> {
  const sorted = Object.entries(functions).sort(([a], [b]) => compareCodeUnits(a, b));
  const baseline: Baseline = { schema: BASELINE_SCHEMA, functions: Object.fromEntries(sorted) };
  await writeAtomic(path, file => file.writeFile(formatBaseline(baseline)));
}

/** A line an item, so that a diff reads well. */
function formatBaseline({ schema: version, functions }: Baseline): string {
  const parts = Object.entries(functions).map(([name, { items, ...sizes }]) => {
    const head = JSON.stringify({ ...sizes, items: [] }).slice(0, -2);
    const lines = items.map(each => `\n   ${JSON.stringify(each)}`);
    return `\n  ${JSON.stringify(name)}: ${head}${lines.join(',')}${items.length > 0 ? '\n  ' : ''}]}`;
  });
  return `{\n "schema": ${version},\n "functions": {${parts.join(',')}\n }\n}\n`;
}

/** Reads a baseline. Throws `BASELINE_MISSING`, `BASELINE_INVALID`. */
export async function readBaseline(path: string): Promise<Baseline> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new SlimError('BASELINE_MISSING', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
  const value = parse(path, text);
  const version = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : null;
  if (typeof version === 'number' && version !== BASELINE_SCHEMA)
    throw new SlimError('BASELINE_INVALID', [
      path,
      `its schema is ${version}, and this version reads ${BASELINE_SCHEMA}`,
    ]);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const reason = `${issue?.path.join('.') || 'the whole of it'}: ${issue?.message}`;
  throw new SlimError('BASELINE_INVALID', [path, reason], { cause: parsed.error });
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlimError('BASELINE_INVALID', [path, `it is not JSON (${reason})`], { cause: error });
  }
}
