/**
 * Sections outside the memory image that linkers, compilers and tracers make for one another, so that no program needs
 * them to run. Any other name may be data that a program reads out of its own file, as PyInstaller's `pydata` is.
 */
const EXPENDABLE: readonly { readonly kind: SectionKind; readonly name: RegExp }[] = [
  { kind: 'symbols', name: /^\.(symtab|strtab|symtab_shndx|ldynsym)$/ },
  { kind: 'debug', name: /^\.(debug_|zdebug_|rela?\.debug_|gnu\.debuglto_|gnu_debug)/ },
  { kind: 'debug', name: /^\.(gdb_index|stab|stabstr|stab\..*|mdebug|ctf|BTF|BTF\.ext|debug)$/ },
  { kind: 'other', name: /^\.(shstrtab|comment|GCC\.command\.line|ARM\.attributes|riscv\.attributes)$/ },
  { kind: 'other', name: /^\.(gnu\.build\.attributes|annobin|gnu\.lto_|gnu\.warning|llvm_addrsig|llvm\.)/ },
  {
    kind: 'other',
    name: /^\.note\.(GNU-stack|gnu\.gold-version|stapsdt|gnu\.build-id|gnu\.property|ABI-tag)$/,
  },
  { kind: 'other', name: /^\.rela?\.(text|data|rodata|eh_frame|init_array|fini_array|data\.rel\.ro)/ },
  { kind: 'other', name: /^\.(deplibs|linker-options|strtab\.dwo)$/ },
];

export type SectionKind = 'symbols' | 'debug' | 'other';

/** What kind of section it is, when it is known that no program reads it; null for a name nobody knows. */
export function findSectionKind(name: string): SectionKind | null {
  return EXPENDABLE.find(row => row.name.test(name))?.kind ?? null;
}
