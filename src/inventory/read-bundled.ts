import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { BundledPackage } from '../types.ts';
import { orNull } from '../util/fs.ts';

const bundled = z.object({
  name: z.string(),
  version: z.string(),
  bytes: z.number().int().nonnegative(),
  requires: z.array(z.string()),
  license: z.string().nullable(),
});

const schema = z.object({
  name: z.string(),
  entries: z.array(
    z.object({
      path: z.string(),
      origin: z.object({ kind: z.string(), packages: z.array(bundled).optional() }),
    }),
  ),
});

/** What the manifest beside an artifact tells that its files do not. */
export interface ManifestNews {
  readonly name: string | null;
  /** Packages inside of bundles, by path of the bundle. */
  readonly bundled: ReadonlyMap<string, readonly BundledPackage[]>;
}

/** Reads the manifest beside an artifact; one that is not there, or not of a build, tells nothing. */
export async function readManifestNews(artifact: string): Promise<ManifestNews> {
  const text = await orNull(readFile(`${artifact.replace(/\.zip$/, '')}.manifest.json`, 'utf8'));
  const parsed = text === null ? null : schema.safeParse(parse(text));
  if (!parsed?.success) return { name: null, bundled: new Map() };
  const { name, entries } = parsed.data;
  const withPackages = entries.flatMap(({ path, origin: { packages = [] } }) =>
    packages.length === 0 ? [] : [[path, packages] as const],
  );
  return { name, bundled: new Map(withPackages) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
