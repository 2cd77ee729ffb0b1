import type { Finding } from '../../findings.ts';
import { parseRequirement } from '../../python/requirement.ts';
import type { Tree } from '../../types.ts';
import type { PythonProject } from './project/types.ts';

/** Packages that a finding names. */
const SHOWN = 5;

/** Tells of packages whose version nothing pins, so that another day may bring another one. */
export function findLoose(
  project: PythonProject | null,
  { packages, removals }: Pick<Tree, 'packages' | 'removals'>,
): readonly Finding[] {
  if (!project || project.isLocked) return [];
  const pinned = new Set(
    [...project.requirements.map(({ text }) => text), ...project.constraints].flatMap(text => {
      const parsed = parseRequirement(text);
      const isExact = parsed && (parsed.url !== null || /^===?[^*,]+$/.test(parsed.specifiers));
      return isExact ? parsed.name : [];
    }),
  );
  // What came from a folder or by URL has a note that says so.
  const direct = new Set(
    removals.flatMap(each => (each.path.endsWith('/direct_url.json') ? each.package : [])),
  );
  const loose = packages.flatMap(({ name, version }) =>
    pinned.has(name) || direct.has(`${name}@${version}`) ? [] : name,
  );
  if (loose.length === 0) return [];
  const more = loose.length > SHOWN ? [`${loose.length - SHOWN} more`] : [];
  return [
    {
      code: 'REQUIREMENTS_LOOSE',
      level: 'warning',
      file: project.kind,
      packages: [...loose.slice(0, SHOWN), ...more],
    },
  ];
}
