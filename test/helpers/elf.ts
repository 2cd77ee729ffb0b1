import type { ElfFacts, NativeFile } from '../../src/elf/types.ts';

/** What a shared library for x86_64 says of itself, with what a test cares for. */
export function elfOf(facts: Partial<ElfFacts>): NativeFile {
  return {
    format: 'elf',
    facts: {
      machine: 'x86_64',
      bits: 64,
      kind: 'shared',
      interpreter: null,
      soname: null,
      needed: [],
      rpath: [],
      runpath: [],
      versionNeeds: [],
      versionDefinitions: [],
      imports: [],
      nodeAbis: [],
      dlopens: [],
      buildId: null,
      damage: [],
      holes: 0,
      ...facts,
    },
  };
}
