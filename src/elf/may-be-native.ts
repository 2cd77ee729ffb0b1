import { isLibraryName } from './is-library-name.ts';

const ELF = '7f454c46';

/** First four bytes of Mach-O files, thin and fat, in both byte orders. */
const MACH_O = ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', 'cafebabf'];

/** True for a file that has to be looked at: by its first bytes, or since its name says that it is a library. */
export function mayBeNative(path: string, head: Uint8Array): boolean {
  return isElfHead(head) || isLibraryName(path) || hasForeignMagic(head);
}

/** True where the bytes begin as those of an ELF file, all of which has to be read then. */
export function isElfHead(head: Uint8Array): boolean {
  return toHex(head) === ELF;
}

/** Mach-O, or the `MZ` of Windows. */
function hasForeignMagic(head: Uint8Array): boolean {
  return MACH_O.includes(toHex(head)) || (head[0] === 0x4d && head[1] === 0x5a);
}

function toHex(head: Uint8Array): string {
  return Buffer.from(head.subarray(0, 4)).toString('hex');
}
