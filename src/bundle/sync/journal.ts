import { constants, open } from 'node:fs/promises';

/** Remembers which chunks are written. It is a hint: what it says is verified before it counts. */
export interface Journal {
  readonly done: ReadonlySet<number>;
  add(chunk: number): Promise<void>;
  close(): Promise<void>;
}

export async function openJournal(path: string): Promise<Journal> {
  const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
  const file = await open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o644);
  const text = await file.readFile('utf8');
  const done = new Set([...text.matchAll(/^(\d{1,9})$/gm)].map(([, index]) => Number(index)));
  return {
    done,
    // A line of its own for what a write that was cut off may have left.
    add: async chunk => void (await file.write(`\n${chunk}\n`)),
    close: () => file.close(),
  };
}
