import { labelOf, makeOwnerFinder } from '../presets/owners.ts';
import type { BuildResult, Entry, PackageInstance } from '../types.ts';
import { bytesOf } from '../util/entry-bytes.ts';
import { compareCodeUnits } from '../util/path.ts';

/** Things of one origin that stayed: a package, the own bundle, what an include pattern brought. */
export interface KeptGroup {
  readonly name: string;
  readonly bytes: number;
  /** Null for a plan, and where nothing of it is in the zip. */
  readonly compressedBytes: number | null;
  readonly files: number;
}

/** What stayed, by package or other origin, the largest first. */
export function groupKept(result: BuildResult): readonly KeptGroup[] {
  const compressed = new Map(
    result.artifact?.entries.map(file => [file.path, file.compressedBytes] as const),
  );
  const findPackage = makeOwnerFinder(result.tree.packages);
  const groups = new Map<string, KeptGroup>();
  for (const entry of result.tree.entries) {
    const name = nameGroup(entry, findPackage);
    const group = groups.get(name) ?? { name, bytes: 0, compressedBytes: null, files: 0 };
    const zipped = compressed.get(entry.path);
    groups.set(name, {
      name,
      bytes: group.bytes + bytesOf(entry),
      compressedBytes: zipped === undefined ? group.compressedBytes : (group.compressedBytes ?? 0) + zipped,
      files: group.files + 1,
    });
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes || compareCodeUnits(a.name, b.name));
}

function nameGroup(entry: Entry, findPackage: (path: string) => PackageInstance | undefined): string {
  const { origin } = entry;
  if (origin.kind === 'entry' && origin.inputs.length > 0) return 'your bundled code';
  const owner = findPackage(entry.path);
  if (owner) return labelOf(owner);
  switch (origin.kind) {
    case 'include':
      return `include ${origin.pattern}`;
    case 'generated':
      return `generated: ${origin.by}`;
    case 'package':
      return origin.package;
    default:
      return entry.path.includes('/')
        ? `your files in ${entry.path.slice(0, entry.path.indexOf('/'))}/`
        : 'your files';
  }
}
