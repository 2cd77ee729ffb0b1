import { realpath } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { ROOT_VARIABLE } from '../bundle/run-environment.ts';
import { readFileNative } from '../elf/read-file-native.ts';
import type { LocalSettings } from '../lambda/types.ts';
import { orNull } from '../util/fs.ts';
import { compareCodeUnits, toPosix } from '../util/path.ts';

/** What is known of the native files that a function mapped. */
export interface Loaded {
  readonly settings: LocalSettings;
  readonly loaded: ReadonlySet<string>;
}

export interface MatchedNatives {
  /** Files of the function and its layers that both loaded. */
  readonly both: number;
  /** Files that only the original loaded, as it names them. */
  readonly missing: readonly string[];
}

const OWN = /^\/(?:var\/task|opt)\//;
const TASK = '/var/task/';

/**
 * Compares what the two mapped. The slim function may have a file elsewhere: behind a link, inflated into `/tmp`, or moved; its
 * name, or the name it gives itself (SONAME), tells.
 */
export async function matchNatives(original: Loaded, slim: Loaded): Promise<MatchedNatives> {
  const own = [...original.loaded].filter(path => OWN.test(path)).sort(compareCodeUnits);
  // What lies where it did takes the place of nothing else.
  const moved = [...slim.loaded].filter(path => !original.loaded.has(path));
  const names = new Set(moved.map(path => basename(path)));
  const missing: string[] = [];
  let sonames: ReadonlySet<string> | null = null;
  for (const path of own) {
    if (slim.loaded.has(path) || names.has(basename(path))) continue;
    if (slim.loaded.has(await followSlim(path, slim))) continue;
    sonames ??= new Set(moved.flatMap(file => sonameOf(file, slim) ?? []));
    const soname = sonameOf(path, original);
    if (soname === null || !(sonames.has(soname) || names.has(soname))) missing.push(path);
  }
  return { both: own.length - missing.length, missing };
}

/** Where the slim function finds the path of the original, links followed: beside its handler, or where its packages are. */
async function followSlim(path: string, { settings }: Loaded): Promise<string> {
  const { [ROOT_VARIABLE]: root } = settings.environment;
  const below = path.startsWith(TASK) ? path.slice(TASK.length) : null;
  const places = below !== null && root !== undefined ? [path, `${root}/${below}`] : [path];
  for (const place of places) {
    const file = hostPath(place, settings);
    const end = file && (await orNull(realpath(file)));
    if (end) return sandboxPath(end, settings);
  }
  return path;
}

async function sandboxPath(file: string, { code, mount }: LocalSettings): Promise<string> {
  const folder = mount && (await realpath(mount.folder));
  return mount && folder && file.startsWith(folder + sep)
    ? `${mount.path}/${toPosix(relative(folder, file))}`
    : TASK + toPosix(relative(await realpath(code), file));
}

function sonameOf(path: string, { settings }: Loaded): string | null {
  const file = hostPath(path, settings);
  try {
    const native = file === null ? null : readFileNative(path, file);
    return native?.format === 'elf' ? native.facts.soname : null;
  } catch {
    return null;
  }
}

function hostPath(path: string, settings: LocalSettings): string | null {
  const { code, mount } = settings;
  if (path.startsWith(TASK)) return join(code, path.slice(TASK.length));
  return mount && path.startsWith(`${mount.path}/`)
    ? join(mount.folder, path.slice(mount.path.length))
    : null;
}
