import { memorySource, openFileSource } from '../elf/byte-sources.ts';
import type { ByteSource } from '../elf/types.ts';
import type { FileEntry } from '../types.ts';
import { explainSource } from '../util/explain-source.ts';
import type { World } from './spread.ts';

/** Bytes in which a file that is no text shows a zero, as git sees it. */
const HEAD_BYTES = 8000;

/**
 * Tells which files would say nothing of being empty: code would load as a module that has nothing in it, and text would be read
 * as a template, a table or a setting without content. Other files fail where they are used.
 */
export function makeSilentWhenEmpty(
  { files }: World,
  isNative: (path: string) => boolean,
): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return path => {
    const entry = files.get(path);
    if (!entry || isNative(path)) return false;
    const isSilent = known.get(path) ?? (hasNameOfCode(path) || isText(entry));
    known.set(path, isSilent);
    return isSilent;
  };
}

/** By its name or, as scripts and many settings, without any. */
function hasNameOfCode(path: string): boolean {
  return /(?:^|\/)[^./]+$|\.(?:[cm]?[jt]sx?|json|py|pth)$/.test(path);
}

function isText({ source }: FileEntry): boolean {
  if (source.kind === 'memory') return hasNoZero(memorySource(source.data));
  return explainSource(source.path, () => {
    const file = openFileSource(source.path);
    try {
      return hasNoZero(file);
    } finally {
      file.close();
    }
  });
}

function hasNoZero(source: ByteSource): boolean {
  return !source.read(0, Math.min(HEAD_BYTES, source.size)).includes(0);
}
