/** Bytes that can be read anywhere; `read` gives exactly `length` bytes, and is only asked for ranges inside `size`. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  /** As `read`, into the start of memory that the caller uses again; absent where `read` copies nothing. */
  readonly readInto?: (memory: Uint8Array, offset: number, length: number) => void;
}

/** The header of an ELF file; offsets and sizes in bytes. */
export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** `e_machine`: 62 is x86_64, 183 is aarch64. */
  readonly machine: number;
  /** `e_type`: 1 relocatable, 2 executable, 3 shared or position-independent. */
  readonly type: number;
  readonly osAbi: number;
  readonly entry: number;
  readonly phoff: number;
  readonly phentsize: number;
  readonly phnum: number;
  readonly shoff: number;
  readonly shentsize: number;
  readonly shnum: number;
  readonly shstrndx: number;
  readonly ehsize: number;
}

/** A program header, in the order of the table. */
export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly vaddr: number;
  readonly paddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly align: number;
}

/** A section header, in the order of the table. */
export interface Section {
  readonly name: string;
  /** Offset of the name in the section name table. */
  readonly nameOffset: number;
  readonly type: number;
  readonly flags: number;
  readonly addr: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly addralign: number;
  readonly entsize: number;
}

export interface DynamicEntry {
  readonly tag: number;
  readonly value: number;
}

/** An ELF file whose tables were all found to lie inside it. */
export interface ElfFile {
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  /** Empty where the file has none, or none that can be read. */
  readonly sections: readonly Section[];
  /** Why the section table could not be read; the dynamic linker does not need one. */
  readonly sectionProblem: string | null;
  /** Up to `DT_NULL`; empty where there is no dynamic segment. */
  readonly dynamic: readonly DynamicEntry[];
  /** Size of the file. */
  readonly bytes: number;
}

/** What a library asks of another one by `.gnu.version_r`, such as `libc.so.6` and `GLIBC_2.28`. */
export interface VersionNeed {
  readonly library: string;
  readonly versions: readonly string[];
}

/** What the dynamic linker would read of an ELF file. */
export interface ElfFacts {
  /** `x86_64`, `aarch64`, `i386`, …, or `machine 123`. */
  readonly machine: string;
  readonly bits: 32 | 64;
  readonly kind: 'shared' | 'executable' | 'relocatable' | 'other';
  readonly interpreter: string | null;
  readonly soname: string | null;
  readonly needed: readonly string[];
  /** Split at `:`, as written, with `$ORIGIN` unexpanded. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  readonly versionNeeds: readonly VersionNeed[];
  readonly versionDefinitions: readonly string[];
  /** Names of the undefined dynamic symbols; sorted, each once. */
  readonly imports: readonly string[];
  /** Versions of Node.js's own ABI (`NODE_MODULE_VERSION`) for which it registers as an addon; empty for one of Node-API, and for what is none. */
  readonly nodeAbis: readonly string[];
  /** Names like `libcudart.so.12` in its read-only data, where it imports `dlopen`: libraries it may load by name. */
  readonly dlopens: readonly string[];
  readonly buildId: string | null;
  /** Why the dynamic linker would refuse the file, or read past its end; empty for a sound one. */
  readonly damage: readonly string[];
  /** Pages of zeros between segments that take room in the file, bytes. */
  readonly holes: number;
}

/** What a file turned out to be, by its bytes. */
export type NativeFile =
  | { readonly format: 'elf'; readonly facts: ElfFacts }
  | { readonly format: 'mach-o' | 'pe' }
  /** Begins as an ELF file, but is none; `reason` says where it breaks. */
  | { readonly format: 'broken'; readonly reason: string }
  /** Something else, which only its name calls a library. */
  | {
      readonly format: 'other';
      readonly looksLike: 'archive' | 'linker script' | 'git-lfs pointer' | 'empty' | 'unknown';
    };
