import type { Artifact, CompressLevel, Context, Tree } from '../types.ts';
import { sumBytes } from '../util/entry-bytes.ts';
import { writeZip } from '../zip/write-zip.ts';

export interface ArchiveOptions {
  /** Where the zip goes; what is there is replaced once the new one is whole. */
  readonly outPath: string;
  readonly level: CompressLevel;
}

/** The stage: writes the tree as a zip for Lambda. Progress is told in uncompressed bytes; errors are those of `writeZip`. */
export async function archiveZip(
  tree: Tree,
  { outPath, level }: ArchiveOptions,
  context: Context,
): Promise<Artifact> {
  const { cacheDir, workDir, signal, progress } = context;
  const bytes = sumBytes(tree.entries);
  progress.start('compress', bytes);
  const written = await writeZip(outPath, tree.entries, {
    level,
    cacheDir,
    workDir,
    signal,
    onBytes: amount => progress.tick(amount),
  });
  progress.done();
  return { path: outPath, ...written };
}
