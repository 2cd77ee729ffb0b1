import { runtimes } from '../../platform/runtimes.ts';
import type { Runtime } from '../../types.ts';
import type { Candidate } from './candidate.ts';
import { compareVersions, newestOf } from './compare-versions.ts';
import type { Problem } from './types.ts';
import { needsOf, type World } from './world.ts';

type Kind = 'GLIBC' | 'GLIBCXX' | 'CXXABI';

const ROW: Readonly<Record<Kind, (runtime: Runtime) => string>> = {
  GLIBC: runtime => runtime.glibc,
  GLIBCXX: runtime => runtime.glibcxx,
  CXXABI: runtime => runtime.cxxabi,
};
const KINDS: readonly Kind[] = ['GLIBC', 'GLIBCXX', 'CXXABI'];

/** Judges the versions that a file asks of glibc and libstdc++: those of the runtime, or of the copy that it would really find. */
export function judgeVersions(candidate: Candidate, world: World): readonly Problem[] {
  return KINDS.flatMap(kind => judgeKind(candidate, kind, world) ?? []);
}

function judgeKind(candidate: Candidate, kind: Kind, world: World): Problem | null {
  const { file, facts } = candidate;
  const { runtime } = world.platform;
  const worst = { needs: null as string | null, has: '', own: null as string | null };
  for (const { library, versions } of facts.versionNeeds) {
    const needs = newestOf(kind, versions);
    if (needs === null) continue;
    const found = needsOf(file, world).get(library);
    const elf = found?.kind === 'file' && found.file.native.format === 'elf' ? found.file.native.facts : null;
    if (found?.kind === 'compressed' || elf?.versionDefinitions.includes(`${kind}_${needs}`)) continue;
    const has = (elf && newestOf(kind, elf.versionDefinitions)) ?? ROW[kind](runtime);
    const isTooNew = compareVersions(needs, has) > 0;
    if (!isTooNew || (worst.needs !== null && compareVersions(needs, worst.needs) <= 0)) continue;
    const copies = world.byName.get(library) ?? [];
    worst.needs = needs;
    worst.has = has;
    worst.own = copies.find(copy => copy !== file)?.path ?? null;
  }
  if (worst.needs === null) return null;
  const { needs, has, own } = worst;
  const newest = world.system.newest[kind];
  const isRuntimes = has === ROW[kind](runtime);
  const uncertain = isRuntimes && newest !== undefined && compareVersions(needs, newest) <= 0;
  const fits = runtimes
    .filter(row => row.language === runtime.language && compareVersions(ROW[kind](row), needs) >= 0)
    .map(row => row.id);
  const level = uncertain ? 'warning' : 'error';
  return {
    file,
    facts: { code: `${kind}_TOO_NEW`, level, needs, has, runtime: runtime.id, fits, own, uncertain },
  };
}
