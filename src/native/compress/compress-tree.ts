import { readFileSync } from 'node:fs';
import { LIBRARY_DIR } from '../../codec/library-index.ts';
import type { ArtifactPath, Entry, FileEntry, Removal, RuleRef, Tree } from '../../types.ts';
import { bytesOf } from '../../util/entry-bytes.ts';
import { generatedEntry } from '../../util/generated-entry.ts';
import { compareCodeUnits, toArtifactPath } from '../../util/path.ts';
import { isAddon } from './choose-libraries.ts';
import { blobName, makeIndex } from './format-index.ts';
import { loadShimFirst } from './load-shim-first.ts';
import { mirrorBytes } from './mirror-bytes.ts';
import { retargetLinks } from './retarget-links.ts';
import type { LibraryBlob, MirrorInput, MirrorPlan } from './types.ts';

export interface CompressInput {
  readonly tree: Tree;
  readonly plan: MirrorPlan;
  /** One for each file that the plan compresses. */
  readonly encoded: ReadonlyMap<string, LibraryBlob>;
  readonly language: MirrorInput['language'];
  /** Code of the shim's files, by their paths in the artifact. */
  readonly shims: ReadonlyMap<string, Uint8Array>;
}

const RULE: RuleRef = {
  id: 'native/compressed',
  why: 'travels compressed, and is inflated into the temporary folder on its first use',
};

/** What the bundle of a Node.js handler loads first; Python imports its `lambda_slim_libraries.py` by name. */
const NODE_SHIM = `${LIBRARY_DIR}/inflate.cjs`;
const STUB = 'import lambda_slim_libraries\n\nlambda_slim_libraries.activate(globals())\n';

/** The tree with its libraries compressed as planned, and the shim that brings them back. */
export function compressTree(input: CompressInput): Tree {
  const { tree, plan, encoded, language } = input;
  if (plan.compressed.length === 0) return tree;
  const blobs = new Map<string, FileEntry>(
    plan.compressed.map((file, at) => [file.path, blobOf(file, at, encoded)]),
  );
  const moved = new Map<string, ArtifactPath>(plan.moved.map(({ from, to }) => [from, to]));
  const kept = tree.entries.flatMap((entry): readonly Entry[] => {
    if (blobs.has(entry.path))
      return language === 'nodejs' && isAddon(entry.path) ? [placeholder(entry)] : [];
    return isBundle(entry, language) ? [withShim(entry)] : [entry];
  });
  const index = makeIndex(plan, encoded, mirrorBytes(plan, tree));
  const entries = [
    ...retargetLinks(kept, moved),
    ...blobs.values(),
    generated(`${LIBRARY_DIR}/index.json`, Buffer.from(`${JSON.stringify(index)}\n`)),
    ...[...input.shims].map(([path, code]) => generated(path, code)),
    ...plan.stubs.map(path => generated(path, Buffer.from(STUB))),
  ].sort((a, b) => compareCodeUnits(a.path, b.path));
  return { ...tree, entries, removals: [...tree.removals, ...removalsOf(tree, entries, blobs)] };
}

function blobOf(file: FileEntry, at: number, encoded: ReadonlyMap<string, LibraryBlob>): FileEntry {
  const library = encoded.get(file.path);
  if (!library) throw new Error(`${file.path} was planned to be compressed, but was not`);
  const path = toArtifactPath(`${LIBRARY_DIR}/${blobName(file, at, library)}`);
  const { source, bytes } = library;
  return { kind: 'file', path, source, bytes, mode: 0o644, origin: { kind: 'generated', by: 'native' } };
}

function removalsOf(
  { entries, packages }: Tree,
  left: readonly Entry[],
  blobs: ReadonlyMap<string, FileEntry>,
): readonly Removal[] {
  const standing = new Set<string>(left.map(({ path }) => path));
  return entries.flatMap(entry => {
    if (standing.has(entry.path)) return [];
    const blob = blobs.get(entry.path);
    const owner = packages.findLast(({ dir }) => entry.path.startsWith(`${dir}/`));
    const removal = { path: entry.path, bytes: bytesOf(entry), rule: RULE };
    const package_ = owner ? { package: `${owner.name}@${owner.version}` } : {};
    return [{ ...removal, ...package_, ...(blob ? { parents: [blob.path] } : {}) }];
  });
}

function isBundle(entry: Entry, language: MirrorInput['language']): entry is FileEntry {
  return (
    language === 'nodejs' &&
    entry.kind === 'file' &&
    entry.origin.kind === 'entry' &&
    /\.[cm]js$/.test(entry.path)
  );
}

function withShim(bundle: FileEntry): FileEntry {
  const { source } = bundle;
  const code = source.kind === 'memory' ? Buffer.from(source.data) : readFileSync(source.path);
  const data = Buffer.from(loadShimFirst(code.toString(), bundle.path, NODE_SHIM));
  return { ...bundle, source: { kind: 'memory', data }, bytes: data.length };
}

/** Lets `require` find the addon; its bytes come from the mirror. */
function placeholder(entry: Entry): FileEntry {
  return { ...generated(entry.path, new Uint8Array(0)), origin: entry.origin };
}

function generated(path: string, data: Uint8Array): FileEntry {
  return generatedEntry(path, data, 'native');
}
