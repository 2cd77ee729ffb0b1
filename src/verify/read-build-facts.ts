import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SlimError } from '../errors.ts';
import { orNull } from '../util/fs.ts';
import type { BuildFacts } from './suspects.ts';

const schema = z.object({
  removals: z.array(z.object({ path: z.string(), rule: z.string() })),
  rules: z.record(z.string(), z.string()),
  native: z.object({
    files: z.array(z.object({ path: z.string(), outcome: z.string() })),
    shared: z.array(z.object({ path: z.string() })),
    compressed: z.object({ files: z.array(z.object({ path: z.string() })) }).nullable(),
  }),
});

/** What the manifest beside a zip says of what was taken out or changed, and why; null where there is none. Throws `MANIFEST_INVALID`. */
export async function readBuildFacts(zipPath: string): Promise<BuildFacts | null> {
  const path = `${zipPath.replace(/\.zip$/, '')}.manifest.json`;
  const text = await orNull(readFile(path, 'utf8'));
  if (text === null) return null;
  try {
    const { removals, rules, native } = schema.parse(JSON.parse(text));
    return {
      removals: removals.map(({ path, rule }) => ({ path, rule: { id: rule, why: rules[rule] ?? '' } })),
      native,
    };
  } catch (error) {
    const reason = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : String(error);
    throw new SlimError('MANIFEST_INVALID', [path, reason], { cause: error });
  }
}
