/** `e_machine` of what Linux distributions ship, by the names that `uname -m` and compilers use. */
const MACHINES: Readonly<Record<number, string>> = {
  2: 'sparc',
  3: 'i386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  43: 'sparc64',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv',
  258: 'loongarch',
};

/** The name of a machine, `machine 123` for a rare one. */
export function nameMachine(machine: number): string {
  return MACHINES[machine] ?? `machine ${machine}`;
}
