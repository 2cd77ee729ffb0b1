import type { ByteSource, NativeFile } from './types.ts';

type OtherFile = Exclude<NativeFile, { readonly format: 'elf' | 'broken' }>;

/** Enough for a linker script's comment and a pointer's first line. */
const HEAD_BYTES = 4096;

/** `feedface`, `feedfacf` and their reverses: Mach-O of 32 and 64 bits in both byte orders. */
const MACH_O = ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe'];

const LD_COMMAND = /^(?:GROUP|INPUT|OUTPUT_FORMAT|SEARCH_DIR|ENTRY|VERSION)\s*\(/;

/** What a file that is no ELF file is, by its first bytes. */
export function lookAtBytes(source: ByteSource): OtherFile {
  if (source.size === 0) return { format: 'other', looksLike: 'empty' };
  const head = Buffer.from(source.read(0, Math.min(HEAD_BYTES, source.size)));
  if (MACH_O.includes(head.toString('hex', 0, 4)) || isFatMachO(head)) return { format: 'mach-o' };
  if (isPe(source, head)) return { format: 'pe' };
  return { format: 'other', looksLike: findLikeness(head.toString('latin1')) };
}

/**
 * Java classes begin with `cafebabe` too; there the next 4 bytes are the class version, 45 or more, in a fat file
 * the number of architectures, which `file(1)` takes to be below 43 (Java's first major was 45).
 */
function isFatMachO(head: Buffer): boolean {
  if (head.length < 8) return false;
  const magic = head.readUInt32BE(0);
  const count = head.readUInt32BE(4);
  return (magic === 0xcafebabe || magic === 0xcafebabf) && count > 0 && count < 43;
}

/** `MZ`, and where its field at 60 points to, `PE\0\0`. */
function isPe(source: ByteSource, head: Buffer): boolean {
  if (head.length < 64 || head.toString('latin1', 0, 2) !== 'MZ') return false;
  const at = head.readUInt32LE(60);
  return at + 4 <= source.size && Buffer.from(source.read(at, 4)).toString('latin1') === 'PE\0\0';
}

function findLikeness(head: string): 'archive' | 'linker script' | 'git-lfs pointer' | 'unknown' {
  if (head.startsWith('!<arch>\n') || head.startsWith('!<thin>\n')) return 'archive';
  if (head.startsWith('version https://git-lfs.github.com/spec/')) return 'git-lfs pointer';
  if (LD_COMMAND.test(skipComments(head)) || head.startsWith('/* GNU ld script')) return 'linker script';
  return 'unknown';
}

/** The text after the comments and spaces that it begins with. By hand, as a regular expression would try all splits. */
function skipComments(text: string): string {
  let rest = text.trimStart();
  while (rest.startsWith('/*')) {
    const end = rest.indexOf('*/', 2);
    if (end < 0) return '';
    rest = rest.slice(end + 2).trimStart();
  }
  return rest;
}
