import type { SystemLibraries } from '../../platform/system-libraries.ts';
import { type Candidate, isProgram } from './candidate.ts';
import type { FileSystem } from './place-files.ts';
import { inheritableDirs, type Resolution, resolveNeed, type Seeker } from './resolve-need.ts';
import type { PlacedFile } from './types.ts';

/** Who loads whom, as far as needs tell. */
export interface LoadGraph {
  /** What the needs of a file resolve to, by name. */
  readonly needs: ReadonlyMap<PlacedFile, ReadonlyMap<string, Resolution>>;
  /** Files whose needs lead to a file. */
  readonly users: ReadonlyMap<PlacedFile, ReadonlySet<PlacedFile>>;
  /** Each file as it looks for others, with the RPATHs of what loads it. */
  readonly seekers: ReadonlyMap<PlacedFile, Seeker>;
}

/** More than any real library has; they bound what a crafted one can cost. */
const MAX_NEEDS = 1000;
const MAX_INHERITED = 16;

/**
 * Resolves all needs. A file with an RPATH lends it to everything that it loads, which may so find libraries that it would
 * not find alone, and lends on; so files are looked at again until nothing is new.
 */
export function makeLoadGraph(
  fs: FileSystem,
  system: SystemLibraries,
  candidates: readonly Candidate[],
): LoadGraph {
  const needs = new Map<PlacedFile, ReadonlyMap<string, Resolution>>();
  const users = new Map<PlacedFile, Set<PlacedFile>>();
  const seekers = new Map(candidates.map(({ file, facts }) => [file, toSeeker(file, facts)]));
  const pending = new Set(seekers.keys());
  // A set gives what is added while it is walked, also what was taken out and comes back.
  for (const file of pending) {
    pending.delete(file);
    const seeker = seekers.get(file);
    if (!seeker) continue;
    const resolved = resolveAll(file, seeker, fs, system);
    needs.set(file, resolved);
    const lent = [...inheritableDirs(seeker), ...seeker.inherited];
    for (const to of resolved.values()) {
      if (to.kind !== 'file') continue;
      const known = users.get(to.file);
      if (known) known.add(file);
      else users.set(to.file, new Set([file]));
      const heir = seekers.get(to.file);
      const inherited = heir && [...new Set([...heir.inherited, ...lent])].slice(0, MAX_INHERITED);
      if (!heir || !inherited || inherited.length === heir.inherited.length) continue;
      seekers.set(to.file, { ...heir, inherited });
      pending.add(to.file);
    }
  }
  return { needs, users, seekers };
}

function toSeeker(file: PlacedFile, facts: Candidate['facts']): Seeker {
  return { facts, at: file.at, isProgram: isProgram(file, facts), inherited: [] };
}

/** A file may have been loaded by any of its names, each with an `$ORIGIN` of its own. */
function resolveAll(
  file: PlacedFile,
  seeker: Seeker,
  fs: FileSystem,
  system: SystemLibraries,
): ReadonlyMap<string, Resolution> {
  const aliases = fs.aliases.get(file.at) ?? [];
  const resolved = new Map<string, Resolution>();
  for (const name of seeker.facts.needed.slice(0, MAX_NEEDS)) {
    // What is loaded counts by its SONAME, and so does the library itself.
    if (name === seeker.facts.soname) {
      resolved.set(name, { kind: 'file', file });
      continue;
    }
    const own = resolveNeed(name, seeker, fs, system);
    const other = own.kind === 'missing' ? resolveByAlias(name, seeker, aliases, fs, system) : null;
    resolved.set(name, other ?? own);
  }
  return resolved;
}

function resolveByAlias(
  name: string,
  seeker: Seeker,
  aliases: readonly string[],
  fs: FileSystem,
  system: SystemLibraries,
): Resolution | null {
  for (const at of aliases) {
    const found = resolveNeed(name, { ...seeker, at }, fs, system);
    if (found.kind !== 'missing') return found;
  }
  return null;
}
