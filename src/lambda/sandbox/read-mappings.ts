import { readFile, realpath } from 'node:fs/promises';
import { compareCodeUnits } from '../../util/path.ts';

/** A folder, and how the sandbox names it. */
export type Renaming = readonly [from: string, to: string];

/** Files that processes have mapped as code, under the names that Lambda would give them, sorted. Linux only, else none. */
export async function listMappings(
  proc: string,
  pids: readonly string[],
  renamings: readonly Renaming[],
): Promise<readonly string[]> {
  const texts = await Promise.all(pids.map(pid => readFile(`${proc}/${pid}/maps`, 'utf8').catch(() => '')));
  const real = await Promise.all(
    renamings.map(async ([from, to]) => [await realpath(from).catch(() => from), to] as const),
  );
  const paths = texts.flatMap(parseMaps).map(path => rename(path, real));
  return [...new Set(paths)].sort(compareCodeUnits);
}

/** Paths of the mappings of a `/proc/<pid>/maps` that are regular files and may be executed; those that were deleted are left out. */
export function parseMaps(text: string): readonly string[] {
  const lines = text.split('\n').map(line => /^\S+ ..x. \S+ \S+ ([1-9]\d*) +(\/.*)$/.exec(line));
  return lines
    .map(line => line?.[2])
    .filter(
      path =>
        path !== undefined && !/^\/(?:dev|memfd:|SYSV|anon_hugepage)|\/\/deleted$| \(deleted\)$/.test(path),
    )
    .map(path => restoreLines(path as string));
}

/** The kernel writes a line feed in a path as `\012`. */
function restoreLines(path: string): string {
  return path.replaceAll('\\012', '\n');
}

function rename(path: string, renamings: readonly Renaming[]): string {
  for (const [from, to] of renamings) if (path.startsWith(`${from}/`)) return to + path.slice(from.length);
  return path;
}
