/** Words by which packages name builds for one platform among many. */
const PLATFORM_WORDS = new Set(
  (
    'darwin macos osx mac apple ios simulator tvos linux linuxmusl win win32 windows android freebsd openbsd netbsd sunos solaris aix openharmony ' +
    'wasm32 wasi x64 x86 64 32 i386 i686 ia32 amd64 arm64 aarch64 arm armv6 armv7 armv7l armv8 universal universal2 ppc64 ' +
    'ppc64le s390x riscv64 riscv64gc loong64 mips64el gnu glibc musl gnueabihf musleabihf msvc eabi debian rhel unknown pc'
  ).split(' '),
);

/** Builds for several versions of Node.js lie beside each other under the number of its ABI: `glibc-127`, `v115`. */
const ABI_NUMBER = /^v?\d{2,3}$/;

/** A path without words for platforms and without what follows the first dot of its name: alike for builds that replace each other. */
export function rivalKey(path: string): string {
  const segments = path.split('/');
  const name = (segments.pop() ?? '').replace(/-?openssl-[\d.]+x?/, '');
  return [...segments, name.replace(/(?<=.)\..*$/, '').replace(/^lib/, '')].map(dropPlatform).join('/');
}

/** True where a path names a platform, such as `win32-x64/tool.exe`. */
export function namesPlatform(path: string): boolean {
  return path.split('/').some(segment => segment.split(/[-_.+]/).some(word => PLATFORM_WORDS.has(word)));
}

function dropPlatform(segment: string): string {
  const words = segment.split(/[-_+]/);
  const others = words.filter(word => !PLATFORM_WORDS.has(word) && !ABI_NUMBER.test(word));
  return others.length === words.length ? segment : others.join('-');
}

/** The package of a file: its folder, and a key that builds of it for other platforms share. */
export interface Unit {
  readonly dir: string;
  readonly key: string;
}

/** Finds the package that a path belongs to: below the last `node_modules`, or the first folder of a Python path. */
export function unitOf(path: string): Unit {
  const dir =
    path.match(/^.*(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0] ??
    path.match(/^(?:\/opt\/)?(?:python\/(?:lib\/python3\.\d+\/site-packages\/)?)?[^/]+(?=\/)/)?.[0] ??
    path;
  return { dir, key: dir.split('/').map(dropPlatform).join('/') };
}

/** The last segment of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The name of the npm package that a path belongs to, or of the first folder. */
export function packageNameOf(path: string): string {
  return unitOf(path).dir.replace(/^.*node_modules\//, '');
}
