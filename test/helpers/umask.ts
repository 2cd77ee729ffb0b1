/** Runs `use` with a umask of its own; since it is that of the whole process, nothing else may run meanwhile. */
export async function withUmask<T>(umask: number, use: () => Promise<T>): Promise<T> {
  const before = process.umask(umask);
  try {
    return await use();
  } finally {
    process.umask(before);
  }
}
