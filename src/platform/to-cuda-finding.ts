import type { Finding } from '../findings.ts';
import type { CudaBuild } from './cuda.ts';
import type { CudaCause, Installed } from './find-cuda.ts';
import { limits } from './limits.ts';

type CudaFinding = Extract<Finding, { readonly code: 'CUDA_WHEEL' }>;

/** Which file of the user's says what is installed, and what locks it. */
export type CudaPlace = Pick<CudaFinding, 'file' | 'tool'>;

/** An error where what is there for a GPU is alone more than a function may have. */
export function cudaLevelOf(bytes: number): CudaFinding['level'] {
  return bytes >= limits.unzippedBytes ? 'error' : 'warning';
}

/** The finding for a cause. */
export function toCudaFinding(
  { name, version, build, parts, bytes }: CudaCause,
  installed: readonly Installed[],
  place: CudaPlace,
): CudaFinding {
  const instead = insteadOf(name, version, build, installed);
  const isAsker = (each: Installed): boolean =>
    each.name !== instead?.package &&
    each.requires?.some(asked => asked.name === name && !asked.isExtra) === true;
  return {
    code: 'CUDA_WHEEL',
    level: cudaLevelOf(bytes),
    package: name,
    version,
    bytes,
    parts,
    askedBy: installed.filter(isAsker).map(asker => asker.name),
    instead,
    ...place,
  };
}

function insteadOf(
  ownName: string,
  version: string,
  build: CudaBuild | null,
  installed: readonly Installed[],
): CudaFinding['instead'] {
  const instead = build?.instead ?? { kind: 'nothing' };
  const [release = ''] = version.split('+');
  if (instead.kind === 'nothing') return null;
  if (instead.kind === 'package') {
    const { package: name, sameVersions } = instead;
    return { package: name, version: sameVersions ? release : null, index: null, together: [] };
  }
  const { name, url, local, together } = instead;
  return {
    package: ownName,
    version: `${release}+${local}`,
    index: { name, url },
    together: installed
      .filter(each => together.includes(each.name))
      .map(each => ({ package: each.name, version: each.version.split('+')[0] ?? '' })),
  };
}
