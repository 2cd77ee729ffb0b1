import type { FileEntry, Tree } from '../../types.ts';
import { compressTree } from './compress-tree.ts';
import { dropFromPlan, planMirror } from './plan-mirror.ts';
import type { LibraryBlob, MirrorInput, MirrorPlan } from './types.ts';

/** Encodes a library with the runtime's format; null where that does not make it smaller. */
export type EncodeLibrary = (file: FileEntry) => Promise<LibraryBlob | null>;

export interface CompressLibrariesInput extends Omit<MirrorInput, 'entries' | 'incompressible'> {
  readonly tree: Tree;
  readonly encode: EncodeLibrary;
  readonly shims: ReadonlyMap<string, Uint8Array>;
}

export interface CompressedTree {
  readonly tree: Tree;
  readonly plan: MirrorPlan;
}

/** Plans, encodes one library after the other, plans anew where one did not get smaller, and puts the tree together. */
export async function compressLibraries(input: CompressLibrariesInput): Promise<CompressedTree> {
  const { tree, natives, language, choice, shims } = input;
  const question: MirrorInput = { entries: tree.entries, natives, language, choice };
  const first = planMirror(question);
  const encoded = new Map<string, LibraryBlob>();
  const refused: string[] = [];
  for (const file of first.compressed) {
    const library = await input.encode(file);
    if (library) encoded.set(file.path, library);
    else refused.push(file.path);
  }
  // A plan with fewer files compresses none that the first one did not.
  const plan = refused.length > 0 ? dropFromPlan(question, refused) : first;
  return { tree: compressTree({ tree, plan, encoded, language, shims }), plan };
}
