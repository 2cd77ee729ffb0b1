import { inflates } from '../codec/format-for.ts';
import type { LibraryIndex } from '../codec/library-index.ts';
import type { Finding } from '../findings.ts';
import type { Platform } from '../types.ts';
import { checkTmp } from './check-tmp.ts';
import type { Inspected } from './natives/inspected.ts';

/** Judges the libraries that travel compressed: whether the runtime inflates them, from files that are there, into a `/tmp` that holds them. */
export function checkCompressed(
  parts: readonly Inspected[],
  platform: Platform | null,
  tmpMiB: number,
): readonly Finding[] {
  const indexes = parts.flatMap(({ libraries }) => (libraries?.ok ? [libraries.index] : []));
  const bytes = indexes.reduce((sum, index) => sum + index.bytes, 0);
  return [
    ...parts.flatMap(findBroken),
    ...(platform ? findForeign(indexes, platform) : []),
    ...checkTmp(bytes, tmpMiB),
  ];
}

function findBroken({ facts, libraries, paths }: Inspected): readonly Finding[] {
  if (libraries === null) return [];
  const broken = (reason: string): Finding => ({
    code: 'COMPRESSED_BROKEN',
    level: 'error',
    path: facts.path,
    reason,
  });
  if (!libraries.ok) return [broken(`its index cannot be read (${libraries.reason})`)];
  const present = new Set(paths);
  const missing = libraries.index.files.filter(({ blob }) => !present.has(`.lambda-slim/${blob}`));
  return missing.map(({ blob }) => broken(`.lambda-slim/${blob} is missing`));
}

function findForeign(indexes: readonly LibraryIndex[], { runtime }: Platform): readonly Finding[] {
  const formats = new Set(
    indexes.flatMap(({ files }) => files.flatMap(file => file.chunks.map(c => c.format))),
  );
  const foreign = [...formats].filter(format => !inflates(runtime, format));
  return foreign.map(format => ({
    code: 'INFLATE_UNSUPPORTED',
    level: 'error',
    runtime: runtime.id,
    format,
  }));
}
