import type { Finding } from '../../../findings.ts';
import type { Distribution } from './read-distributions.ts';

/** Files that a finding names. */
const SHOWN = 3;

/** Tells of recorded files that are gone since another one took their place: of another case, or of another distribution. */
export function findClashes(
  distributions: readonly Distribution[],
  installed: ReadonlySet<string>,
): readonly Finding[] {
  return [
    ...distributions.flatMap(each => findCaseClash(each, installed)),
    ...findSharedFiles(distributions),
  ];
}

function findCaseClash(
  { name, version, owned }: Distribution,
  installed: ReadonlySet<string>,
): readonly Finding[] {
  const byFolded = new Map<string, string[]>();
  for (const path of owned.keys()) {
    const folded = path.toLowerCase();
    byFolded.set(folded, [...(byFolded.get(folded) ?? []), path]);
  }
  const lost = [...byFolded.values()].filter(
    paths => paths.length > 1 && paths.some(path => !installed.has(path)),
  );
  if (lost.length === 0) return [];
  return [
    { code: 'CASE_CLASH', level: 'error', package: `${name}@${version}`, paths: lost.slice(0, SHOWN).flat() },
  ];
}

function findSharedFiles(distributions: readonly Distribution[]): readonly Finding[] {
  const first = new Map<string, { readonly name: string; readonly hash: string }>();
  const shared = new Map<string, string[]>();
  for (const { name, owned } of distributions) {
    for (const [path, { hash }] of owned) {
      const other = first.get(path);
      if (other === undefined) first.set(path, { name, hash });
      else if (other.hash !== hash && !isLauncher(path)) {
        const pair = `${other.name}\0${name}`;
        shared.set(pair, [...(shared.get(pair) ?? []), path]);
      }
    }
  }
  return [...shared].map(([pair, paths]) => ({
    code: 'FILES_CLASH',
    level: 'warning',
    packages: pair.split('\0'),
    paths: paths.slice(0, SHOWN),
  }));
}

function isLauncher(path: string): boolean {
  return /^(?:bin|Scripts)\//.test(path);
}
