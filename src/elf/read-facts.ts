import { findDamage } from './find-damage.ts';
import { findHoles } from './find-holes.ts';
import { findKind } from './find-kind.ts';
import { findLoadedNames } from './find-loaded-names.ts';
import { nameMachine } from './name-machine.ts';
import { readBuildId } from './read-build-id.ts';
import { openDynamicStrings, readDynamicStrings } from './read-dynamic-strings.ts';
import { readImports } from './read-imports.ts';
import { readInterpreter } from './read-interpreter.ts';
import { readNodeAbis } from './read-node-abis.ts';
import { readVersionDefinitions, readVersionNeeds } from './read-versions.ts';
import type { ByteSource, ElfFacts, ElfFile } from './types.ts';

/** What the dynamic linker would read of a file: by its program headers and dynamic section, not by its sections. */
export function readFacts(source: ByteSource, elf: ElfFile): ElfFacts {
  const readString = openDynamicStrings(source, elf);
  const imports = readImports(source, elf, readString);
  return {
    machine: nameMachine(elf.header.machine),
    bits: elf.header.bits,
    kind: findKind(elf),
    interpreter: readInterpreter(source, elf),
    ...readDynamicStrings(elf, readString),
    versionNeeds: readVersionNeeds(source, elf, readString),
    versionDefinitions: readVersionDefinitions(source, elf, readString),
    imports,
    nodeAbis: readNodeAbis(source, elf, imports),
    dlopens: findLoadedNames(source, elf, imports),
    buildId: readBuildId(source, elf),
    damage: findDamage(source, elf),
    holes: findHoles(source, elf),
  };
}
