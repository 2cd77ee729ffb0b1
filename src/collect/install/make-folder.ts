import { mkdir, rename, rm } from 'node:fs/promises';
import { exists } from '../../util/fs.ts';

/** Fills a folder under a temporary name, so that nobody takes half an installation for a whole one. */
export async function makeFolder(finished: string, fill: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${finished}.${process.pid}.partial`;
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await fill(partial);
    await rename(partial, finished).catch(async (error: unknown) => {
      if (!(await exists(finished))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
