import { type ArtifactCheck, checkArtifact } from '../../src/check/check-artifact.ts';
import { resolvePlatform } from '../../src/config/resolve-platform.ts';
import type { Arch, Platform } from '../../src/types.ts';

/** Checks a zip or folder as the command does, for no platform in particular unless one is given. */
export function checkFile(
  path: string,
  platform: Platform | null = null,
  layers: readonly string[] = [],
): Promise<ArtifactCheck> {
  return checkArtifact(path, { platform, layers, tmpMiB: 512, signal: new AbortController().signal });
}

/** A platform by the id of its runtime. */
export function platformOf(runtime: string, arch: Arch = 'x64'): Platform {
  return resolvePlatform(runtime, arch);
}
