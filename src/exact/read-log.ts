import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toPosix } from '../util/path.ts';

/** Paths of the artifact that a run touched, files and folders; the root is the empty path. */
export interface Touched {
  /** Opened, loaded, started, or found as a module. */
  readonly read: ReadonlySet<string>;
  readonly looked: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
}

const KINDS = { R: 'read', F: 'read', U: 'read', L: 'looked', D: 'listed' } as const;

/**
 * Reads what the recorders (`shims/record.cts`, `shims/lambda_slim_record.py`) wrote into a folder: lines of a letter and an absolute
 * path with `\\` and `\n` escaped, after lines `T` with the roots of the function's code. A last line may be cut off.
 */
export async function readLogs(folder: string): Promise<Touched> {
  const touched = { read: new Set<string>(), looked: new Set<string>(), listed: new Set<string>() };
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    const roots = lines.filter(line => line.startsWith('T ')).map(line => unescapeLine(line.slice(2)));
    for (const line of lines) {
      const kind = KINDS[line[0] as keyof typeof KINDS];
      const path = kind && findInside(toPath(line), roots);
      if (kind && path !== undefined) touched[kind].add(path);
    }
  }
  return touched;
}

function toPath(line: string): string {
  return line.startsWith('U ') ? toFile(line.slice(2)) : unescapeLine(line.slice(2));
}

function toFile(url: string): string {
  try {
    return fileURLToPath(new URL(url));
  } catch {
    return '';
  }
}

function unescapeLine(text: string): string {
  return text.replace(/\\([\\n])/g, (_, letter: string) => (letter === 'n' ? '\n' : '\\'));
}

function findInside(path: string, roots: readonly string[]): string | undefined {
  if (roots.includes(path)) return '';
  const root = roots.find(each => path.startsWith(each + sep));
  return root === undefined ? undefined : toPosix(path.slice(root.length + 1));
}
