import type { Platform, Runtime } from '../types.ts';
import { otherAbis } from './other-abis.ts';
import type { Declared, PresetData } from './schema.ts';

/** The words of npm and Node for what a package may have binaries for. */
const OSES = 'aix android cygwin darwin freebsd haiku linux netbsd openbsd openharmony sunos win32'.split(
  ' ',
);
const CPUS =
  'arm arm64 armv6 armv7 ia32 loong64 mips mipsel ppc ppc64 riscv64 s390 s390x x64 universal'.split(' ');
const LIBCS = ['glibc', 'musl'];

export interface PlatformWords extends Pick<Platform, 'os' | 'arch' | 'libc'> {
  readonly runtime: Pick<Runtime, 'language' | 'version'>;
}
export type Variables = Readonly<Record<string, string>>;

/** The value of each variable for a platform, with those that a preset adds. */
export function variablesOf(platform: PlatformWords, own: PresetData['variables'] = {}): Variables {
  const { os, arch, libc, runtime } = platform;
  const added = Object.entries(own).map(([name, byCpu]) => [name, byCpu[arch]] as const);
  return {
    ...Object.fromEntries(added),
    os,
    cpu: arch,
    libc,
    otherOs: othersThan(os, OSES),
    otherCpu: othersThan(arch, CPUS),
    otherLibc: othersThan(libc, LIBCS),
    otherAbi: anyOf(otherAbis(runtime)),
  };
}

/** Puts the values of variables into a glob; a name that has none is left as it stands. */
export function expandGlob(glob: string, variables: Variables): string {
  return glob.replace(/\$\{(\w+)\}/g, (text, name: string) => variables[name] ?? text);
}

/** The names that a config declares, as variables. */
export function declaredVariables(declared: Declared): Variables {
  const lists = Object.entries(declared).flatMap(([name, list]) =>
    list ? [[name, anyOf(list)] as const] : [],
  );
  return Object.fromEntries(lists);
}

/** True for a glob that names the target's platform, so that nothing matching it means: no binary for the target. */
export function namesPlatform(glob: string): boolean {
  return /\$\{(?!other)\w+\}/.test(glob);
}

function othersThan(word: string, words: readonly string[]): string {
  return anyOf(words.filter(other => other !== word));
}

/** `@(a|b)` also works for a single word, which braces do not; no word at all has to match no file. */
function anyOf(words: readonly string[]): string {
  return words.length > 0 ? `@(${words.join('|')})` : 'none';
}
