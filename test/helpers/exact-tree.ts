import type { Entry, Origin, PackageInstance, Tree } from '../../src/types.ts';
import { compareCodeUnits, toArtifactPath } from '../../src/util/path.ts';

export const ENTRY: Origin = { kind: 'entry', inputs: ['index.ts'] };
export const TRACED: Origin = { kind: 'traced', parents: ['index.mjs'] };
/** Came whole with its package: what level `exact` may take. */
export const BROUGHT: Origin = { kind: 'package', package: 'pkg@1.0.0', parents: [] };

export function file(path: string, content: string | Uint8Array = path, origin: Origin = BROUGHT): Entry {
  const data = Buffer.from(content);
  const mode = path.endsWith('.sh') ? 0o755 : 0o644;
  return {
    kind: 'file',
    path: toArtifactPath(path),
    source: { kind: 'memory', data },
    bytes: data.length,
    mode,
    origin,
  };
}

export function link(path: string, target: string, origin: Origin = BROUGHT): Entry {
  return { kind: 'link', path: toArtifactPath(path), target, origin };
}

export function treeOf(entries: readonly Entry[], packages: readonly PackageInstance[] = []): Tree {
  return { entries: [...entries].sort((a, b) => compareCodeUnits(a.path, b.path)), packages, removals: [] };
}
