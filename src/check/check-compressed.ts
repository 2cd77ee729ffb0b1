import { inflates } from '../codec/format-for.ts';
import { LIBRARY_DIR, type LibraryIndex } from '../codec/library-index.ts';
import type { Finding } from '../findings.ts';
import type { Platform } from '../types.ts';
import { checkTmp } from './check-tmp.ts';
import type { Inspected } from './natives/inspected.ts';

/** The files of each language's shim. */
const SHIMS = [
  ['inflate.cjs', 'inflate-chunks.cjs', 'follow.cjs'].map(name => `${LIBRARY_DIR}/${name}`),
  ['lambda_slim_libraries.py'],
] as const;

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

function findBroken({ facts, libraries, sizes }: Inspected): readonly Finding[] {
  if (libraries === null) return [];
  if (!libraries.ok) return [toBroken(facts.path, `its index cannot be read (${libraries.reason})`)];
  const { files } = libraries.index;
  const cut = files.filter(({ blob, chunks }) => {
    const end = chunks.at(-1);
    return sizes.get(`${LIBRARY_DIR}/${blob}`) !== (end ? end.at + end.compressedBytes : 0);
  });
  const reasons = [
    ...cut.map(({ blob }) => `${LIBRARY_DIR}/${blob} is missing or cut short`),
    ...(files.length > 0 && !SHIMS.some(shim => shim.every(path => sizes.has(path)))
      ? ['what inflates them (inflate.cjs or lambda_slim_libraries.py) is missing']
      : []),
  ];
  return reasons.map(reason => toBroken(facts.path, reason));
}

function toBroken(path: string, reason: string): Finding {
  return { code: 'COMPRESSED_BROKEN', level: 'error', path, reason };
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
