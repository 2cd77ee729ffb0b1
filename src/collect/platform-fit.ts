import type { Platform } from '../types.ts';
import type { PackageManifest } from './package-manifest.ts';

/** True when the `os`, `cpu` and `libc` fields of a package allow the platform, in npm's way (`!win32` forbids). */
export function fitsPlatform(
  manifest: Pick<PackageManifest, 'os' | 'cpu' | 'libc'>,
  platform: Pick<Platform, 'os' | 'arch' | 'libc'>,
): boolean {
  return (
    allows(manifest.os, platform.os) &&
    allows(manifest.cpu, platform.arch) &&
    allows(manifest.libc, platform.libc)
  );
}

function allows(list: readonly string[], value: string): boolean {
  if (list.includes(`!${value}`)) return false;
  const named = list.filter(item => !item.startsWith('!'));
  return named.length === 0 || named.includes(value) || named.includes('any');
}

/**
 * True when the *name* of a package says that it holds the binary of the platform, as `@img/sharp-linux-x64` and
 * `@swc/core-linux-x64-gnu` do. Needed for packages that are not installed, so that their fields cannot be read.
 */
export function isNamedForPlatform(name: string, platform: Pick<Platform, 'os' | 'arch'>): boolean {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  return words.includes(platform.os) && words.includes(platform.arch) && !words.includes('musl');
}

const OS_WORDS = ['linux', 'darwin', 'win32', 'linuxmusl', 'freebsd', 'android'];

/** True for the name of a package that holds one platform's binary. */
export function isPlatformName(name: string): boolean {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  return words.some(word => OS_WORDS.includes(word));
}
