import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { Finding } from '../findings.ts';
import type { Entry, Origin } from '../types.ts';
import { errnoOf } from '../util/fs.ts';
import { toArtifactPath, toPosix } from '../util/path.ts';
import { fileModeOf } from './file-mode.ts';
import { type FoundFile, listPackageFiles, statFile } from './list-files.ts';

/** Makes the entry of a file or link that lies under `base`; a link that leads out of it becomes a finding. */
export async function toEntry(file: FoundFile, base: string, origin: Origin): Promise<Entry | Finding> {
  const path = toArtifactPath(relative(base, file.path));
  if (!file.isLink) {
    const source = { kind: 'disk', path: file.path, mtimeMs: file.mtimeMs } as const;
    return { kind: 'file', path, source, bytes: file.bytes, mode: await fileModeOf(file.path), origin };
  }
  const target = toPosix(await readlink(file.path));
  const reason = await whyLinkRefused(file.path, base);
  if (reason) return { code: 'LINK_LEFT_OUT', level: 'warning', path, target, reason };
  const inside = toPosix(relative(dirname(file.path), resolve(dirname(file.path), target)));
  return { kind: 'link', path, target: inside, origin };
}

/** Like `toEntry`, but a link becomes copies of what it leads to; for what the user includes by pattern. */
export async function toCopiedEntries(
  file: FoundFile,
  base: string,
  origin: Origin,
): Promise<readonly (Entry | Finding)[]> {
  const path = toArtifactPath(relative(base, file.path));
  if (!file.isLink) {
    // A folder on the way may be a link as well.
    if ((await whyLinkRefused(file.path, base)) === null) return [await toEntry(file, base, origin)];
    const target = toPosix(await realpath(file.path));
    return [{ code: 'LINK_LEFT_OUT', level: 'warning', path, target, reason: 'outside' }];
  }
  const refuse = async (reason: LinkReason): Promise<Finding[]> => [
    { code: 'LINK_LEFT_OUT', level: 'warning', path, target: toPosix(await readlink(file.path)), reason },
  ];
  const reason = await whyLinkRefused(file.path, base);
  if (reason) return refuse(reason);
  const real = await realpath(file.path);
  if (`${file.path}/`.startsWith(`${real}/`)) return refuse('cycle');
  const isFolder = (await lstat(real)).isDirectory();
  const found = isFolder ? await listPackageFiles(real) : [await statFile(real)];
  const made = await Promise.all(
    found.filter(({ isLink }) => !isLink).map(target => toEntry(target, base, origin)),
  );
  return made.map((entry, index) => {
    const inside = relative(real, found[index]?.path ?? real);
    return 'kind' in entry
      ? { ...entry, path: toArtifactPath(inside === '' ? path : `${path}/${toPosix(inside)}`) }
      : entry;
  });
}

type LinkReason = Extract<Finding, { code: 'LINK_LEFT_OUT' }>['reason'];

async function whyLinkRefused(link: string, base: string): Promise<LinkReason | null> {
  try {
    const real = await realpath(link);
    return toPosix(relative(await realpath(base), real)).startsWith('..') ? 'outside' : null;
  } catch (error) {
    if (errnoOf(error) === 'ELOOP') return 'cycle';
    if (errnoOf(error) === 'ENOENT') return 'broken';
    throw error;
  }
}
