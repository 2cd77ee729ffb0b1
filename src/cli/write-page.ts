import { readFile, stat } from 'node:fs/promises';
import { resolvePlatform } from '../config/resolve-platform.ts';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { makePage } from '../report/html/make-page.ts';
import type { PageData, PageStarts, PageSubject } from '../report/html/page-types.ts';
import { confirmManifest, type ManifestReading, parseManifest } from '../report/html/parse-manifest.ts';
import { readPageAssets } from '../report/html/read-assets.ts';
import type { SubjectInput } from '../report/html/subject-input.ts';
import { toSubject } from '../report/html/to-subject.ts';
import type { Arch } from '../types.ts';
import { orNull, writeAtomic } from '../util/fs.ts';

/** An artifact for the page, and what is known of it beside its bytes. */
export interface PageSource {
  readonly path: string;
  readonly runtime?: string | undefined;
  readonly arch?: Arch | 'x86_64' | undefined;
  readonly starts: readonly PageStarts[];
  readonly signal: AbortSignal;
}

/** Reads and judges one artifact, with its manifest where that tells of the same bytes. Throws what `check` throws. */
export async function readSubject({ path, runtime, arch, starts, signal }: PageSource): Promise<PageSubject> {
  const { readReportFacts } = await import('../check/report-facts.ts');
  const manifest = await readManifest(path);
  const known = manifest?.ok ? manifest.manifest : null;
  const target = { runtime: runtime ?? known?.runtime, arch: arch ?? known?.arch };
  const isKnown = target.runtime !== undefined || target.arch !== undefined;
  const platform = isKnown ? resolvePlatform(target.runtime, target.arch) : null;
  const facts = await readReportFacts(path, {
    platform,
    layers: [],
    handler: known?.handler ?? null,
    tmpMiB: known?.tmpMiB ?? limits.tmpMinMiB,
    signal,
  });
  return toSubject(
    { ...facts, ...(await listPackages(path, signal)) },
    {
      runtime: platform?.runtime.id ?? null,
      arch: platform?.arch ?? null,
      manifest: manifest ? confirmManifest(manifest, facts.facts.sha256) : null,
      starts,
    },
  );
}

/** Whose the files are. Of a zip that nobody could unpack only the paths tell. */
async function listPackages(
  path: string,
  signal: AbortSignal,
): Promise<Pick<SubjectInput, 'groups' | 'packages'>> {
  const { readInventory } = await import('../inventory/read-inventory.ts');
  try {
    const { files, packages } = await readInventory(path, signal);
    return { groups: new Map(files.map(file => [file.path, file.group])), packages };
  } catch (error) {
    if (!(error instanceof SlimError) || !['ZIP_UNSAFE', 'ZIP_BOMB'].includes(error.code)) throw error;
    return { groups: new Map(), packages: [] };
  }
}

/** The manifest beside a zip; a folder has none. */
async function readManifest(path: string): Promise<ManifestReading | null> {
  if ((await orNull(stat(path)))?.isDirectory()) return null;
  const text = await orNull(readFile(`${path.replace(/\.zip$/, '')}.manifest.json`, 'utf8'));
  return text === null ? null : parseManifest(text);
}

/** Writes the page, whole or not at all. Throws `OUTPUT_UNWRITABLE`. */
export async function writePage(path: string, data: PageData): Promise<void> {
  const page = makePage(data, await readPageAssets());
  await writeAtomic(path, file => file.writeFile(page));
}
