import type { Platform } from '../../../types.ts';

/** The word of wheels for a CPU. */
function machineOf({ arch }: Platform): 'x86_64' | 'aarch64' {
  return arch === 'x64' ? 'x86_64' : 'aarch64';
}

/** The oldest glibc that wheels are tagged for, by CPU: manylinux1 and manylinux2014 (PEP 513, PEP 599). */
const OLDEST = { x86_64: 5, aarch64: 17 } as const;

/** Names from before the glibc was in the tag (PEP 600). */
const LEGACY: Readonly<Record<number, string>> = {
  5: 'manylinux1',
  12: 'manylinux2010',
  17: 'manylinux2014',
};

/**
 * The platform tags of wheels that run on the target, the newest first: all whose glibc is not newer than the runtime's, and
 * `linux`, which says nothing of the glibc, as wheels that were built by hand have it; the linkage gate looks into those.
 */
export function platformTags(platform: Platform): readonly string[] {
  const machine = machineOf(platform);
  const newest = Number(platform.runtime.glibc.split('.')[1]);
  const oldest = OLDEST[machine];
  const minors = Array.from({ length: newest - oldest + 1 }, (_, index) => newest - index);
  const tags = minors.flatMap(minor => {
    const legacy = LEGACY[minor];
    return [`manylinux_2_${minor}_${machine}`, ...(legacy ? [`${legacy}_${machine}`] : [])];
  });
  return [...tags, `linux_${machine}`];
}

/** The glibc versions that uv 0.4 and later have a name for, as minor of 2. */
const KNOWN_TO_UV = [17, 28, 31, 32, 33, 34];

/** uv's name of the target; null where it has none for the runtime's glibc, so that it would miss wheels that fit. */
export function uvPlatform(platform: Platform): string | null {
  const minor = Number(platform.runtime.glibc.split('.')[1]);
  return KNOWN_TO_UV.includes(minor) ? `${machineOf(platform)}-manylinux_2_${minor}` : null;
}

/** The nearest older one, for hosts where uv is all there is. */
export function olderUvPlatform(platform: Platform): string {
  const minor = Number(platform.runtime.glibc.split('.')[1]);
  const known = KNOWN_TO_UV.filter(each => each <= minor);
  return `${machineOf(platform)}-manylinux_2_${Math.max(...known)}`;
}

/** `cp312` of `3.12`. */
export function pythonTag({ runtime }: Platform): string {
  return `cp${runtime.version.replace('.', '')}`;
}

/** How a target is called in messages: `python3.12 on x86_64 (glibc 2.34)`. */
export function nameTarget(platform: Platform): string {
  return `${platform.runtime.id} on ${machineOf(platform)} (glibc ${platform.runtime.glibc})`;
}
