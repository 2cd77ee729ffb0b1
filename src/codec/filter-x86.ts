/**
 * Turns the relative addresses of x86-64 code into absolute ones, in place, so that all calls of one function look alike
 * and compress better: `call`, `jmp`, and `lea` and `mov` relative to RIP. `offset` is where `bytes` begin in the file.
 * `undoX86` gives back the same bytes, whatever they were.
 *
 * An instruction is recognised by bytes that no step on it changes, and `undoX86` takes the steps in the opposite
 * order, so that it sees at each place what the filter saw there.
 */
export function filterX86(bytes: Uint8Array, offset: number): void {
  for (let at = bytes.length - 5; at >= 0; at--) {
    const operand = findOperand(bytes, at);
    if (operand > 0) addTo(bytes, operand, offset + operand + 4);
  }
}

/** Undoes `filterX86`. */
export function undoX86(bytes: Uint8Array, offset: number): void {
  for (let at = 0; at + 5 <= bytes.length; at++) {
    const operand = findOperand(bytes, at);
    if (operand > 0) addTo(bytes, operand, -(offset + operand + 4));
  }
}

/** Where the 32-bit relative address of the instruction at `at` lies, or 0. */
function findOperand(bytes: Uint8Array, at: number): number {
  const opcode = bytes[at] as number;
  let operand = 0;
  // E8 call, E9 jmp
  if ((opcode & 0xfe) === 0xe8) operand = at + 1;
  // 48 or 4C, the prefix of 64-bit operands; 8D lea or 8B mov; a ModRM byte with mod 00 and r/m 101
  else if ((opcode & 0xfb) === 0x48 && isLoad(bytes, at)) operand = at + 3;
  // The uppermost byte stays as it is. Where it says more than 64 MiB of distance, this is hardly an instruction.
  return operand > 0 && operand + 4 <= bytes.length && ((bytes[operand + 3] as number) + 4) % 256 < 8
    ? operand
    : 0;
}

function isLoad(bytes: Uint8Array, at: number): boolean {
  const opcode = bytes[at + 1];
  return (opcode === 0x8d || opcode === 0x8b) && ((bytes[at + 2] as number) & 0xc7) === 0x05;
}

/** Adds to the lower 24 bits of a little-endian number. */
function addTo(bytes: Uint8Array, at: number, amount: number): void {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
  const sum = low + amount;
  bytes[at] = sum;
  bytes[at + 1] = sum >> 8;
  bytes[at + 2] = sum >> 16;
}
