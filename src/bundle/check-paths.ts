import { posix } from 'node:path';
import { whyRefused } from '../util/path.ts';
import { resolveLink } from '../util/resolve-link.ts';

/** What EFS takes: a name of 255 bytes and a link's target of 4,080. https://docs.aws.amazon.com/efs/latest/ug/limits.html */
const MAX_SEGMENT_BYTES = 255;
const MAX_TARGET_BYTES = 4080;
/** Linux takes 4,096 bytes, with the mount, its folders and the release's id in front. */
const MAX_PATH_BYTES = 3072;

export interface PathProblem {
  readonly path: string;
  readonly reason: string;
}

/** Says which path of a tree could not be written below a folder, or would lead out of it; null when all may be. */
export function findPathProblem(
  files: readonly { readonly path: string }[],
  links: readonly { readonly path: string; readonly target: string }[],
): PathProblem | null {
  const paths = new Set<string>();
  for (const { path } of [...files, ...links]) {
    const reason = whyNoPath(path) ?? (paths.has(path) ? 'it is there twice' : null);
    if (reason) return { path, reason };
    paths.add(path);
  }
  return findParentProblem(paths) ?? findLinkProblem(links);
}

function whyNoPath(path: string): string | null {
  const reason = whyRefused(path);
  if (reason) return reason;
  if (path.includes('\\')) return 'it has a backslash';
  if (!isUnicode(path)) return 'it is not valid Unicode';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  const isLong = (segment: string): boolean => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES;
  return path.split('/').some(isLong) ? `a name in it is longer than ${MAX_SEGMENT_BYTES} bytes` : null;
}

/** Half a surrogate pair has no UTF-8, so it would come out as another name. */
function isUnicode(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

/** A path cannot be a file or a link and a folder too. */
function findParentProblem(paths: ReadonlySet<string>): PathProblem | null {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = posix.dirname(path); !folders.has(folder); folder = posix.dirname(folder)) {
      if (paths.has(folder)) return { path, reason: `${JSON.stringify(folder)} is a file or a link too` };
      folders.add(folder);
    }
  }
  return null;
}

function findLinkProblem(
  links: readonly { readonly path: string; readonly target: string }[],
): PathProblem | null {
  const targets = new Map(links.map(({ path, target }) => [path, target]));
  for (const { path, target } of links) {
    const told = `it is a link to ${JSON.stringify(target.slice(0, 200))}`;
    if (!isUnicode(target) || target.includes('\\')) return { path, reason: `${told}, which is no path` };
    if (Buffer.byteLength(target) > MAX_TARGET_BYTES)
      return { path, reason: `${told}…, longer than ${MAX_TARGET_BYTES} bytes` };
    if (resolveLink(path, targets) === null)
      return { path, reason: `${told}, which leads out of the release or in a circle` };
  }
  return null;
}
