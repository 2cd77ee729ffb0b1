import type { ElfFacts } from '../../elf/types.ts';
import { nodeAbiOf } from '../../platform/node-abi.ts';
import { runtimes } from '../../platform/runtimes.ts';
import type { Arch, Platform, Runtime } from '../../types.ts';
import { nameOf } from './name-parts.ts';
import type { PlacedFile, Problem } from './types.ts';

/** `e_machine` by its name for each CPU of Lambda. */
export const MACHINES: Readonly<Record<Arch, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Judges whether an ELF file is for the platform at all: CPU, C library, version of the language. What is not needs no further look. */
export function judgePlatform(file: PlacedFile, facts: ElfFacts, platform: Platform): readonly Problem[] {
  const expected = MACHINES[platform.arch];
  if (facts.machine !== expected || facts.bits !== 64) {
    const machine = facts.machine === expected ? `${expected} of ${facts.bits} bits` : facts.machine;
    return [
      { file, facts: { code: 'ARCH_MISMATCH', level: 'error', machines: [machine], expected, mixed: false } },
    ];
  }
  const ofLibc = judgeLibc(file, facts);
  if (ofLibc.length > 0) return ofLibc;
  const { runtime } = platform;
  return runtime.language === 'python' ? judgePython(file, runtime) : judgeNodeAbi(file, facts, runtime);
}

function judgePython(file: PlacedFile, runtime: Runtime): readonly Problem[] {
  const tag = pythonTagOf(nameOf(file.path));
  const wanted = `cpython-${runtime.version.replace('.', '')}`;
  if (tag === null || tag === wanted) return [];
  return [
    {
      file,
      facts: { code: 'PYTHON_ABI_MISMATCH', level: 'error', tag, runtime: runtime.id, expected: wanted },
    },
  ];
}

function judgeNodeAbi(file: PlacedFile, { nodeAbis }: ElfFacts, runtime: Runtime): readonly Problem[] {
  const expected = nodeAbiOf(runtime);
  if (expected === null || nodeAbis.length === 0 || nodeAbis.includes(expected)) return [];
  const fits = runtimes.filter(row => nodeAbis.includes(nodeAbiOf(row) ?? '')).map(row => row.id);
  return [
    {
      file,
      facts: {
        code: 'NODE_ABI_MISMATCH',
        level: 'error',
        abis: nodeAbis,
        expected,
        runtime: runtime.id,
        fits,
      },
    },
  ];
}

/** Every runtime of Lambda has glibc. */
export function judgeLibc(file: PlacedFile, facts: ElfFacts): readonly Problem[] {
  const libc = foreignLibcOf(file, facts);
  return libc ? [{ file, facts: { code: 'LIBC_MISMATCH', level: 'error', libcs: [libc] } }] : [];
}

/** musl calls itself `libc.musl-x86_64.so.1` on Alpine and `libc.so` elsewhere, as Android's does; BSD's end in other numbers than glibc's 6. */
function foreignLibcOf({ path }: PlacedFile, { interpreter, needed }: ElfFacts): string | null {
  const isAndroid = interpreter?.startsWith('/system/') || needed.includes('liblog.so');
  if (isAndroid || (needed.includes('libc.so') && /android/i.test(path))) return 'Android';
  if (interpreter?.includes('ld-musl')) return 'musl';
  if (needed.some(name => /^(?:libc\.musl-|ld-musl-|libc\.so$)/.test(name))) return 'musl';
  if (needed.some(name => /^libc\.so\.(?!6$)\d/.test(name))) return 'BSD';
  return /-linux-musl[^/]*\.so$/.test(path) ? 'musl' : null;
}

/** The ABI in the name of an extension module: `cpython-311`, `cpython-313t`, `pypy39-pp73`; null for `abi3` and for names without one. */
function pythonTagOf(name: string): string | null {
  return /\.(cpython-\d+[a-z]*|pypy\d+-pp\d+)(?:-[\w-]+)?\.so$/.exec(name)?.[1] ?? null;
}
