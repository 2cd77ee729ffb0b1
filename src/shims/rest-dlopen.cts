// Loads addons and libraries that were taken out of this function, and addons that need such libraries. rest.cjs says what all
// this is for.
import fs = require('node:fs');
import os = require('node:os');
import path = require('node:path');
import rest = require('./rest-index.cts');
import store = require('./rest-store.cts');

type Dlopen = (module: object, file: string, ...flags: number[]) => void;

/** What lambda-slim's other shim does, where libraries travel compressed. */
interface Inflater {
  prepare(): string;
}

/** The library stays when the one that loaded it goes; not in `os.constants`. */
const RTLD_NODELETE = 0x1000;
const { RTLD_LAZY } = os.constants.dlopen;
const { existsSync, readFileSync } = fs;

/** What the dynamic linker says of a library that is not there, or empty. */
const ABSENT = /([^\s:]+): (?:cannot open shared object file|file too short)/;

function install(): void {
  const dlopen = process.dlopen as Dlopen;
  process.dlopen = ((module, file, ...flags) => {
    const below = rest.below(file);
    const found = below === null ? null : rest.find(below);
    if (found?.kind !== 'file') return load(dlopen, module, file, flags);
    let place: string;
    try {
      place = bring(found);
    } catch (error) {
      const reason = store.hint(found.path, error);
      throw Object.assign(new Error(`${file}: cannot open shared object file\n${reason}`), {
        code: 'ERR_DLOPEN_FAILED',
      });
    }
    load(dlopen, module, place, flags);
  }) satisfies Dlopen as typeof process.dlopen;
}

function bring(found: Parameters<typeof store.place>[0]): string {
  const place = store.place(found);
  store.linkNeighbours(found);
  return place;
}

/**
 * Loads it; where the dynamic linker misses a library, that one is loaded first, and it is tried again: the linker knows loaded
 * libraries by their names and looks for them nowhere else.
 */
function load(dlopen: Dlopen, module: object, file: string, flags: readonly number[]): void {
  const tried = new Set<string>();
  for (;;) {
    try {
      dlopen.call(process, module, file, ...flags);
      return;
    } catch (error) {
      const failure = error as Error;
      const name = path.basename(ABSENT.exec(failure.message)?.[1] ?? '');
      if (name === '' || tried.has(name)) throw error;
      tried.add(name);
      if (!preload(dlopen, name, file, failure)) throw error;
    }
  }
}

function preload(dlopen: Dlopen, name: string, near: string, failure: Error): boolean {
  let library: string | null;
  try {
    library = findLibrary(name, near);
  } catch (error) {
    failure.message += `\n${store.hint(name, (error as Error).message)}`;
    return false;
  }
  if (library === null || path.basename(near) === name) return false;
  try {
    load(dlopen, { exports: {} }, library, [RTLD_LAZY | RTLD_NODELETE]);
  } catch (error) {
    // It is no addon, which Node.js complains of once it has loaded it.
    if (ABSENT.test((error as Error).message)) return false;
  }
  return true;
}

/** A library of that name, of those that lie nearest to the one that needs it. */
function findLibrary(name: string, near: string): string | null {
  const taken = takenOut().filter(library => path.posix.basename(library) === name);
  const kept = rest.index.libraries.filter(library => path.posix.basename(library) === name);
  const packed = compressed().filter(library => path.posix.basename(library) === name);
  const from = near.split('/');
  const best = [...taken, ...kept, ...packed].sort((a, b) => closeness(b, from) - closeness(a, from))[0];
  if (best === undefined) return null;
  const found = rest.find(best);
  if (found?.kind === 'file') return bring(found);
  if (!packed.includes(best)) return path.join(rest.root, best);
  return path.join((require('./inflate.cjs') as Inflater).prepare(), best);
}

/** How many of its folders the other one has too: mirrors of the artifact lie elsewhere, but have the same folders. */
function closeness(library: string, from: readonly string[]): number {
  const folders = new Set(from);
  return library.split('/').filter(folder => folders.has(folder)).length;
}

let all: readonly string[] | undefined;

function takenOut(): readonly string[] {
  all ??= listBelow('');
  return all;
}

function listBelow(folder: string): readonly string[] {
  const found = rest.find(folder, false);
  if (found?.kind !== 'folder') return [];
  return Object.entries(found.names).flatMap(([name, kind]) => {
    const inner = path.posix.join(folder, name);
    if (kind === 'folder') return listBelow(inner);
    return /\.so(?:\.\d+)*$/.test(name) ? [inner] : [];
  });
}

/** Libraries that travel compressed. */
function compressed(): readonly string[] {
  const file = path.join(__dirname, 'index.json');
  if (!existsSync(file)) return [];
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly files: readonly { readonly path: string }[];
  };
  return files.map(library => library.path);
}

export = { install };
