import { encodeLibrary } from '../../codec/encode-library.ts';
import { formatFor } from '../../codec/format-for.ts';
import { openFileSource } from '../../elf/byte-sources.ts';
import type { NativeFile } from '../../elf/types.ts';
import type { Finding } from '../../findings.ts';
import type {
  CompressChoice,
  CompressedFile,
  CompressedReport,
  CompressLevel,
  Context,
  FileEntry,
  Platform,
  Tree,
} from '../../types.ts';
import { compressLibraries } from './compress-libraries.ts';
import { explainSkipped } from './explain-skipped.ts';
import { loadShims } from './load-shims.ts';
import { measureInflate } from './measure-inflate.ts';
import { mirrorBytes } from './mirror-bytes.ts';
import { toBlob } from './to-blob.ts';
import type { LibraryBlob } from './types.ts';

export interface CompressedNatives {
  readonly tree: Tree;
  /** Null where nothing was compressed. */
  readonly report: CompressedReport | null;
  readonly findings: readonly Finding[];
}

export interface CompressNativeOptions {
  readonly choice: CompressChoice;
  readonly platform: Platform;
  readonly level: CompressLevel;
}

/** Lets large libraries travel compressed, with the shim that inflates them, and measures what that costs here. */
export async function compressNative(
  tree: Tree,
  natives: ReadonlyMap<string, NativeFile>,
  { choice, platform, level }: CompressNativeOptions,
  context: Context,
): Promise<CompressedNatives> {
  const { language } = platform.runtime;
  const blobs = new Map<string, LibraryBlob>();
  const encode = async (file: FileEntry): Promise<LibraryBlob | null> => {
    const blob = await encodeEntry(file, { choice, platform, level }, context);
    if (blob) blobs.set(file.path, blob);
    return blob;
  };
  context.progress.start('compress libraries');
  const shims = loadShims(language);
  const { tree: compressed, plan } = await compressLibraries({
    tree,
    natives,
    language,
    choice,
    encode,
    shims,
  });
  context.progress.done(`libraries: ${plan.compressed.length}`);
  const findings = explainSkipped(plan.skipped);
  if (plan.compressed.length === 0) {
    const nothing = { code: 'COMPRESS_NOTHING', level: 'info', minBytes: choice.minBytes } as const;
    return { tree: compressed, report: null, findings: [...findings, nothing] };
  }
  const { time: inflate, reason } = await measureInflate(compressed.entries, platform, context);
  const { format } = formatFor(platform.runtime);
  const files = toFiles(plan.compressed, blobs);
  const compressedBytes = files.reduce((sum, file) => sum + file.compressedBytes, 0);
  const report = { format, files, tmpBytes: mirrorBytes(plan, tree), compressedBytes, inflate };
  const unmeasured =
    reason === null ? [] : [{ code: 'INFLATE_NOT_MEASURED', level: 'warning', reason } as const];
  return { tree: compressed, report, findings: [...findings, ...unmeasured] };
}

async function encodeEntry(
  { source }: FileEntry,
  { platform, level }: CompressNativeOptions,
  { cacheDir, workDir, signal }: Context,
): Promise<LibraryBlob | null> {
  if (source.kind === 'memory') return null;
  const file = openFileSource(source.path);
  try {
    const options = { ...formatFor(platform.runtime), arch: platform.arch, level };
    return await toBlob(await encodeLibrary(file, options, { cacheDir, workDir, signal }));
  } finally {
    file.close();
  }
}

function toFiles(
  compressed: readonly FileEntry[],
  blobs: ReadonlyMap<string, LibraryBlob>,
): readonly CompressedFile[] {
  return compressed.flatMap(({ path, bytes }) => {
    const blob = blobs.get(path);
    const filters = new Set(blob?.chunks.flatMap(({ filter }) => filter ?? []));
    return blob
      ? [{ path, bytes, compressedBytes: blob.bytes, filter: [...filters].join(', ') || null }]
      : [];
  });
}
