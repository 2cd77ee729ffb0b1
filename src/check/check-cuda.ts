import type { Finding } from '../findings.ts';
import { cudaBuildOf, isCudaPart } from '../platform/cuda.ts';
import { findCuda, type Installed } from '../platform/find-cuda.ts';
import { toCudaFinding } from '../platform/to-cuda-finding.ts';
import { normalizeName } from '../python/names.ts';
import type { Arch } from '../types.ts';

/** Where a layer of Lambda has its Python packages, and where a function has them. */
const INFO = /^((?:python\/(?:lib\/python[\d.]+\/site-packages\/)?)?)([^/]+)-([^/-]+)\.dist-info\/METADATA$/;

/** Tells of packages built for CUDA, of an artifact of which only the paths are known; `sizes` in bytes. */
export function checkCuda(sizes: ReadonlyMap<string, number>, arch: Arch | null): readonly Finding[] {
  const found = [...sizes.keys()].flatMap(path => {
    const [, folder = '', name, version = ''] = INFO.exec(path) ?? [];
    return name === undefined ? [] : { folder, name: normalizeName(name), version };
  });
  const isSuspect = found.some(({ name }) => isCudaPart(name) || cudaBuildOf(name) !== null);
  if (!isSuspect) return [];
  const taken = new Set<string>();
  const installed = found.map(({ folder, name, version }): Installed => {
    const top = `${folder}${name.split('-')[0]}/`;
    const isFirst = isCudaPart(name) && !taken.has(top);
    if (isFirst) taken.add(top);
    const build = cudaBuildOf(name);
    // Only the RECORD would tell whose a file is; NVIDIA's packages share one folder, which counts for the first of them.
    const own = [...sizes].flatMap(([path, bytes]): [string, number][] => {
      if (!path.startsWith(folder)) return [];
      const inside = path.slice(folder.length);
      return (isFirst && path.startsWith(top)) || build?.files.test(inside) ? [[inside, bytes]] : [];
    });
    return { name, version, files: new Map(own), requires: null };
  });
  const place = { file: 'requirements.txt', tool: 'pip' } as const;
  return findCuda(installed, arch).map(cause => toCudaFinding(cause, installed, place));
}
