import { foldersOf } from './tree-index.ts';
import type { MirrorInput } from './types.ts';

/**
 * The folder that belongs together with a file, as its users see it: a package of node_modules, or for Python what lies at the
 * root of the artifact. Outside node_modules it is the file's own folder; a file at the root stands for itself.
 */
export function findUnit(path: string, language: MirrorInput['language']): string {
  const folders = foldersOf(path);
  if (language === 'python') return folders[0] ?? path;
  const [, unit] = /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)(?:\/|$)/s.exec(path) ?? [];
  return unit ?? folders.at(-1) ?? path;
}
