import { compareCodeUnits } from '../../util/path.ts';
import type { Candidate } from './candidate.ts';
import { nameOf } from './name-parts.ts';
import { type FileSystem, placeFiles } from './place-files.ts';
import type { Resolution } from './resolve-need.ts';
import type { LinkageInput, PlacedFile } from './types.ts';
import { makeWorld, needsOf } from './world.ts';

/** A library that a native file asks for. `elsewhere` lies in the artifact, but not where the linker looks for this file. */
export interface NeedRow {
  readonly library: string;
  readonly state: 'artifact' | 'compressed' | 'runtime' | 'uncertain' | 'elsewhere' | 'missing' | 'unknown';
  /** Path in the artifact; null where it is not in it. */
  readonly path: string | null;
}

export interface NeedsRow {
  readonly path: string;
  readonly needs: readonly NeedRow[];
}

/** Lists what every library and program asks for and where it is found; without a platform only the artifact is looked through. */
export function listNeeds(input: LinkageInput): readonly NeedsRow[] {
  const fs = placeFiles(input);
  const candidates = fs.files.flatMap((file): Candidate[] =>
    file.native.format === 'elf' && ['shared', 'executable'].includes(file.native.facts.kind)
      ? [{ file, facts: file.native.facts }]
      : [],
  );
  const resolve = makeResolver(input, fs, candidates);
  return candidates
    .map(({ file, facts }) => ({
      path: file.path,
      needs: facts.needed.map(library => resolve(file, library)),
    }))
    .sort((a, b) => compareCodeUnits(a.path, b.path));
}

type Resolver = (file: PlacedFile, library: string) => NeedRow;

function makeResolver(
  { platform }: LinkageInput,
  fs: FileSystem,
  candidates: readonly Candidate[],
): Resolver {
  const byName = new Map(candidates.map(({ file }) => [nameOf(file.at), file.path]));
  for (const { file, facts } of candidates) if (facts.soname !== null) byName.set(facts.soname, file.path);
  if (!platform) {
    return (_file, library) => {
      const path = byName.get(library) ?? null;
      return { library, state: path === null ? 'unknown' : 'artifact', path };
    };
  }
  const world = makeWorld(fs, platform, candidates);
  return (file, library) => toRow(library, needsOf(file, world).get(library), byName.get(library) ?? null);
}

function toRow(library: string, found: Resolution | undefined, elsewhere: string | null): NeedRow {
  switch (found?.kind) {
    case 'file':
      return { library, state: 'artifact', path: found.file.path };
    case 'compressed':
      return { library, state: 'compressed', path: null };
    case 'system':
      return { library, state: 'runtime', path: null };
    case 'uncertain':
      return { library, state: 'uncertain', path: null };
    default:
      return { library, state: elsewhere === null ? 'missing' : 'elsewhere', path: elsewhere };
  }
}
