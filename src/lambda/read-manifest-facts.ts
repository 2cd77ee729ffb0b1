import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SlimError } from '../errors.ts';
import { ARCHS } from '../types.ts';
import { errnoOf, orNull } from '../util/fs.ts';

const schema = z.object({
  handler: z.string().optional(),
  runtime: z.string().optional(),
  arch: z.enum(ARCHS).optional(),
  tmpMiB: z.number().int().positive().optional(),
  memoryMiB: z.number().int().positive().optional(),
  timeoutMs: z.number().positive().optional(),
  /** Of an artifact whose packages lie in a bundle beside it. */
  efs: z
    .object({
      store: z.string().regex(/^\/mnt\/[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)+$/),
      environment: z.record(z.string(), z.string()),
      bundle: z.object({ folder: z.string().regex(/^[^/\\]+$/) }),
    })
    .nullish(),
});

/** What the manifest beside a zip says of how to run it; nothing where there is none. */
export type ManifestFacts = z.infer<typeof schema>;

/** Reads the manifest of a zip: `function.zip` has `function.manifest.json`. Throws `MANIFEST_INVALID`. */
export async function readManifestFacts(zipPath: string): Promise<ManifestFacts> {
  const path = `${zipPath.replace(/\.zip$/, '')}.manifest.json`;
  try {
    const text = await orNull(readFile(path, 'utf8'));
    return text === null ? {} : schema.parse(JSON.parse(text));
  } catch (error) {
    throw new SlimError('MANIFEST_INVALID', [path, explain(error)], { cause: error });
  }
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') || 'the whole of it'}: ${issue?.message}`;
  }
  return errnoOf(error) ?? (error instanceof Error ? error.message : String(error));
}
