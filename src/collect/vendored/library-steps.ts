import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContainerStep, PLACES } from '../../container/build-types.ts';
import type { ContainerOptions } from '../../container/types.ts';
import { SlimError } from '../../errors.ts';
import { systemLibrariesOf } from '../../platform/system-libraries.ts';
import type { Platform } from '../../types.ts';
import { readOwnManifest } from '../../util/own-manifest.ts';

const SCRIPT = join('src', 'collect', 'vendored', 'take_libraries.sh');

/**
 * Parts of glibc beside those in `system-libraries.json`, by the file lists of Debian's libc6, libc-bin and libc6-dev (2.36 and 2.41),
 * and by glibc's NEWS for those that came and went (libnss_db, libSegFault). Each only fits the very libc.so.6 that it was built
 * with. libnsl.so.1, which programs for Oracle need, is not among them.
 */
const GLIBC_PARTS = [
  ...['libBrokenLocale.so.1', 'libanl.so.1', 'libc_malloc_debug.so.0', 'libthread_db.so.1'],
  ...['compat', 'db', 'dns', 'files', 'hesiod'].map(service => `libnss_${service}.so.2`),
  ...['libSegFault.so', 'libmemusage.so', 'libpcprofile.so', 'sotruss-lib.so'],
];

/** The folder in what comes out of the container. */
export const LIBRARIES = 'libraries';

/** The steps that take system libraries out of the image, for the modules in `<out>/<tree>`; what they read is put into `sources`. */
export async function librarySteps(
  { vendorLibraries }: ContainerOptions,
  platform: Platform,
  tree: string,
  sources: string,
): Promise<readonly ContainerStep[]> {
  const wanted = vendorLibraries === true ? [] : vendorLibraries;
  if (vendorLibraries !== true && wanted.length === 0) return [];
  const provided = listProvided(platform, new Set(wanted));
  const dir = join(sources, LIBRARIES);
  await mkdir(dir);
  await copyFile(join(readOwnManifest().root, SCRIPT), join(dir, 'take_libraries.sh'));
  await writeLines(join(dir, 'provided'), provided);
  await writeLines(join(dir, 'wanted'), wanted);
  const place = `${PLACES.out}/${LIBRARIES}`;
  return [
    { command: ['cp', '-R', `${PLACES.in}/${LIBRARIES}`, place] },
    // `ldd` may run what it looks at.
    {
      command: ['sh', `${place}/take_libraries.sh`, `${PLACES.out}/${tree}`, place],
      withoutCredentials: true,
    },
  ];
}

/** Names that are never taken: Lambda's own come first on its search path, and where the sources disagree the gate warns. */
function listProvided({ runtime }: Platform, wanted: ReadonlySet<string>): readonly string[] {
  const { present, uncertain, loaded } = systemLibrariesOf(runtime);
  const provided = new Set([...present, ...loaded, ...GLIBC_PARTS]);
  const useless = [...wanted].find(name => provided.has(name));
  if (useless !== undefined) throw new SlimError('CONTAINER_LIBRARY_PROVIDED', [useless, runtime.id]);
  return [...provided, ...[...uncertain].filter(name => !wanted.has(name))];
}

function writeLines(path: string, lines: readonly string[]): Promise<void> {
  return writeFile(path, lines.map(line => `${line}\n`).join(''));
}
