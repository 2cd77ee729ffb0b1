import { open } from 'node:fs/promises';

/** The mode a file gets in the artifact. It follows the content, since the host's bits depend on its umask and OS. */
export async function fileModeOf(path: string): Promise<0o644 | 0o755> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return isExecutable(buffer.subarray(0, bytesRead)) ? 0o755 : 0o644;
  } finally {
    await file.close();
  }
}

function isExecutable(head: Buffer): boolean {
  return head.equals(Buffer.from('\x7fELF', 'latin1')) || head.subarray(0, 2).equals(Buffer.from('#!'));
}
