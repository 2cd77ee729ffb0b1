// Lists folders with what was taken out of them. rest.cjs says what all this is for.
import fs = require('node:fs');
import path = require('node:path');
import rest = require('./rest-index.cts');

interface Options {
  readonly encoding?: string | null;
  readonly withFileTypes?: boolean;
  readonly recursive?: boolean;
}

type MakeDirent = new (name: string, type: number, parent: string) => fs.Dirent;

const { readdirSync, statSync } = fs;
const { UV_DIRENT_FILE, UV_DIRENT_DIR, UV_DIRENT_LINK } = fs.constants as unknown as Record<string, number>;
const TYPES = { file: UV_DIRENT_FILE, folder: UV_DIRENT_DIR, link: UV_DIRENT_LINK };

/** The names in a folder, or undefined where nothing was taken out of it. */
function answer(below: string, asked: unknown, rawOptions: unknown): { readonly value: unknown } | undefined {
  const options: Options =
    typeof rawOptions === 'string' ? { encoding: rawOptions } : ((rawOptions ?? {}) as Options);
  const found = rest.find(below);
  if (found?.kind !== 'folder' || options.encoding === 'buffer') return undefined;
  const folder = String(asked instanceof URL ? path.join(rest.root, below) : asked);
  const entries = options.recursive ? listAll(below, folder) : list(below, folder);
  if (options.withFileTypes) return { value: entries };
  return {
    value: entries.map(entry => path.relative(folder, path.join(parentOf(entry, folder), entry.name))),
  };
}

function parentOf(entry: fs.Dirent, folder: string): string {
  const { parentPath, path: older } = entry as unknown as { parentPath?: string; path?: string };
  return parentPath ?? older ?? folder;
}

function list(below: string, folder: string): readonly fs.Dirent[] {
  const found = rest.find(below);
  const place = path.join(rest.root, rest.follow(below) ?? below);
  const isThere = statSync(place, { throwIfNoEntry: false })?.isDirectory();
  // Asked by the same name, so that the entries name their folder as the caller does.
  const entries = isThere
    ? readdirSync(path.resolve(folder) === place ? folder : place, { withFileTypes: true })
    : [];
  if (found?.kind !== 'folder') return entries;
  const names = new Set(entries.map(({ name }) => name));
  const Dirent = fs.Dirent as unknown as MakeDirent;
  const more = Object.entries(found.names)
    .filter(([name]) => !names.has(name))
    .map(([name, kind]) => new Dirent(name, TYPES[kind] as number, folder));
  return [...entries, ...more];
}

function listAll(below: string, folder: string): readonly fs.Dirent[] {
  const entries = list(below, folder);
  const inner = entries
    .filter(entry => entry.isDirectory())
    .flatMap(({ name }) => listAll(path.posix.join(below, name), path.join(folder, name)));
  return [...entries, ...inner];
}

export = { answer };
