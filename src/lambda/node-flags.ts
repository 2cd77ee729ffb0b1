/** The arguments that Lambda starts Node.js with: heap sizes by the memory setting, and switches by major. */
export function nodeFlags(nodeMajor: number, memoryMiB: number): readonly string[] {
  const young = Math.floor(memoryMiB / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(young / 2)}`,
    `--max-old-space-size=${memoryMiB - young}`,
    ...(nodeMajor === 20 || nodeMajor === 22 ? ['--no-experimental-require-module'] : []),
    ...(nodeMajor === 22 ? ['--no-experimental-detect-module'] : []),
  ];
}
