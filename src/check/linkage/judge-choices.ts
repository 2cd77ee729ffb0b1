import { isLibraryName } from '../../elf/is-library-name.ts';
import { isOptionalLibrary } from '../../platform/system-libraries.ts';
import type { Candidate } from './candidate.ts';
import { compareVersions, newestOf, parseSymbolVersion } from './compare-versions.ts';
import { findShadowed } from './resolve-need.ts';
import type { Problem } from './types.ts';
import { needsOf, stemOf, type World } from './world.ts';

/** Finds libraries of the artifact that are never used, since the runtime's of the same SONAME is found first. */
export function judgeShadowed({ file, facts }: Candidate, world: World): readonly Problem[] {
  const seeker = world.seekers.get(file);
  if (!seeker) return [];
  const problems: Problem[] = [];
  for (const [name, { kind }] of needsOf(file, world)) {
    if (kind !== 'system' || !world.byName.has(name)) continue;
    const own = findShadowed(name, seeker, world.fs);
    if (!own) continue;
    const asked = facts.versionNeeds.find(({ library }) => library === name)?.versions ?? [];
    const needs = findUnmet(name, asked, world);
    const level = needs !== null ? 'error' : asked.length === 0 || isKnown(name, world) ? 'info' : 'warning';
    problems.push({
      file,
      facts: { code: 'LIB_SHADOWED', level, libraries: [name], own: own.path, needs },
    });
  }
  return problems;
}

/** The families whose versions `judgeVersions` compares, and those that the table of system libraries has. */
function isKnown(name: string, { system }: World): boolean {
  return system.versions.has(name) || /^lib(?:c|m|dl|rt|pthread|stdc\+\+|gcc_s)\.so\./.test(name);
}

/** A version that the runtime's library is known not to have, such as `ZLIB_1.2.9`. */
function findUnmet(name: string, asked: readonly string[], { system }: World): string | null {
  const known = system.versions.get(name);
  if (!known) return null;
  const unmet = asked.find(version => {
    const parsed = parseSymbolVersion(version);
    const newest = parsed && newestOf(parsed.kind, known);
    return parsed && newest !== null && compareVersions(parsed.number, newest) > 0;
  });
  return unmet ?? null;
}

/** Finds names of libraries that a file may load at run time and that are nowhere. It may do without: many only try. */
export function judgeByName({ file, facts }: Candidate, world: World): readonly Problem[] {
  const libraries = facts.dlopens.filter(
    name => isLibraryName(name) && !isOptionalLibrary(name) && !world.stems.has(stemOf(name)),
  );
  if (libraries.length === 0) return [];
  return [{ file, facts: { code: 'LIB_BY_NAME', level: 'info', libraries } }];
}
