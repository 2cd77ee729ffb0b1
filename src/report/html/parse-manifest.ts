import { z } from 'zod';
import { ARCHS } from '../../types.ts';

const bytes = z.number().int().nonnegative();

/** What the page takes of a manifest that lies beside a zip; whatever else is in it does not matter here. */
const schema = z.object({
  schema: z.literal(1),
  name: z.string(),
  handler: z.string(),
  runtime: z.string(),
  arch: z.enum(ARCHS),
  tmpMiB: bytes,
  artifact: z.object({ sha256: z.string() }),
  stages: z.array(z.object({ stage: z.string(), bytes, files: bytes })),
  efs: z.looseObject({}).nullable(),
  removals: z.array(z.object({ path: z.string(), bytes, rule: z.string(), package: z.string().optional() })),
  rules: z.record(z.string(), z.string()),
  findings: z.array(z.looseObject({ code: z.string(), level: z.enum(['error', 'warning', 'info']) })),
});
export type PageManifest = z.infer<typeof schema>;

/** The manifest as far as the page needs it, or why it cannot be used. */
export type ManifestReading =
  | { readonly ok: true; readonly manifest: PageManifest }
  | { readonly ok: false; readonly reason: string };

/** Reads the text of a manifest, which anybody may have written. */
export function parseManifest(text: string): ManifestReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'it is not JSON' };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, reason: `${issue?.path.join('.') || 'the whole of it'}: ${issue?.message}` };
}

/** Refuses a manifest that tells of other bytes than those of the zip. */
export function confirmManifest(reading: ManifestReading, sha256: string | null): ManifestReading {
  if (!reading.ok || reading.manifest.artifact.sha256 === sha256) return reading;
  return { ok: false, reason: 'it is that of another build' };
}
