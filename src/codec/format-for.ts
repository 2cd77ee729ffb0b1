import type { Runtime } from '../types.ts';
import type { EncodeOptions, LibraryFormat } from './types.ts';

/** First version of each language whose standard library inflates zstd, and what the ones before it inflate. */
const FORMATS = {
  // node:zlib has brotli everywhere, zstd since 22.15 (https://nodejs.org/api/zlib.html).
  nodejs: { zstdSince: 22, before: 'brotli' },
  // compression.zstd is new in 3.14 (https://peps.python.org/pep-0784/); lzma is everywhere.
  python: { zstdSince: 14, before: 'xz' },
} as const;

/**
 * The best format that a runtime inflates without help, and whether its shim can undo our branch filters: in Python that would
 * take seconds. The x86 filter of xz is part of the format, and stays.
 */
export function formatFor({
  language,
  version,
}: Pick<Runtime, 'language' | 'version'>): Pick<EncodeOptions, 'format' | 'branchFilter'> {
  const { zstdSince, before } = FORMATS[language];
  // Python versions are all 3.x; what counts is the x.
  const format = Number(version.replace(/^3\./, '')) >= zstdSince ? 'zstd' : before;
  return { format, branchFilter: language === 'nodejs' };
}

/** True where a runtime inflates a format by itself. */
export function inflates(
  { language, version }: Pick<Runtime, 'language' | 'version'>,
  format: LibraryFormat,
): boolean {
  if (format === 'zstd') return formatFor({ language, version }).format === 'zstd';
  return format === (language === 'nodejs' ? 'brotli' : 'xz');
}
