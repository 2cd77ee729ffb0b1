import type { Finding } from '../findings.ts';
import { cudaBuildOf, isCudaPart } from '../platform/cuda.ts';
import { cudaLevelOf } from '../platform/to-cuda-finding.ts';
import type { Tree } from '../types.ts';
import { bytesOf } from '../util/entry-bytes.ts';

/** Lets what was found of CUDA tell what is still there of it: presets may have taken parts that nothing is linked with. */
export function settleCuda(findings: readonly Finding[], { entries, packages }: Tree): readonly Finding[] {
  if (!findings.some(({ code }) => code === 'CUDA_WHEEL')) return findings;
  const bytes = new Map(entries.map(each => [each.path as string, bytesOf(each)]));
  const owned = new Map(packages.map(({ name, owns }) => [name, owns ?? []]));
  const weigh = (name: string, isCounted: (path: string) => boolean): number =>
    (owned.get(name) ?? []).filter(isCounted).reduce((sum, path) => sum + (bytes.get(path) ?? 0), 0);
  return findings.map(finding => {
    if (finding.code !== 'CUDA_WHEEL') return finding;
    const { package: name, parts } = finding;
    const files = cudaBuildOf(name)?.files;
    const own = weigh(name, path => isCudaPart(name) || files?.test(path) === true);
    const brought = parts.map(part => [part, weigh(part, () => true)] as const);
    const stayed = brought.filter(([, weight]) => weight > 0);
    const left = stayed.reduce((sum, [, weight]) => sum + weight, own);
    return { ...finding, level: cudaLevelOf(left), bytes: left, parts: stayed.map(([part]) => part) };
  });
}
