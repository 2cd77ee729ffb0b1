// Finds modules as Node.js does (https://nodejs.org/api/modules.html#all-together and esm.html#resolution-algorithm), in the
// artifact as it was before files were taken out. Paths are relative to the root of the artifact.
import fs = require('node:fs');
import path = require('node:path');
import rest = require('./rest-index.cts');
import store = require('./rest-store.cts');

interface Search {
  readonly kind: 'require' | 'import';
  readonly conditions: ReadonlySet<string>;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Manifest = { readonly [key: string]: Json };

const EXTENSIONS = ['.js', '.json', '.node'];
const { statSync, readFileSync } = fs;
const { posix } = path;

/** The path of a module without links in it, or null where there is none, neither in the artifact nor taken out of it. */
function resolve(request: string, folder: string, search: Search): string | null {
  const found = locate(request, folder, search);
  return found === null ? null : (rest.follow(found) ?? found);
}

function locate(request: string, folder: string, search: Search): string | null {
  if (request.startsWith('#')) return fromImports(request, folder, search);
  if (isBare(request)) return fromPackages(request, folder, search);
  const isFolder = /(?:^|\/)\.{0,2}$/.test(request);
  const target = rest.below(path.resolve(rest.root, folder, request));
  if (target === null) return null;
  return search.kind === 'import' ? fileAt(target) : asPath(target, isFolder);
}

function kindOf(below: string): 'file' | 'folder' | null {
  const found = rest.find(below);
  if (found) return found.kind;
  const stats = statSync(path.join(rest.root, rest.follow(below) ?? below), { throwIfNoEntry: false });
  return stats ? (stats.isDirectory() ? 'folder' : 'file') : null;
}

const fileAt = (below: string): string | null => (kindOf(below) === 'file' ? below : null);

function asFile(below: string): string | null {
  return fileAt(below) ?? firstOf(EXTENSIONS, extension => fileAt(below + extension));
}

function asPath(below: string, isFolder = false): string | null {
  return (isFolder ? null : asFile(below)) ?? (kindOf(below) === 'folder' ? asFolder(below) : null);
}

function asFolder(below: string): string | null {
  const { main } = readManifest(below) ?? {};
  const target = typeof main === 'string' && main !== '' ? posix.join(below, main) : null;
  const own = target === null ? null : (asFile(target) ?? asIndex(target));
  return own ?? asIndex(below);
}

function asIndex(below: string): string | null {
  return firstOf(EXTENSIONS, extension => fileAt(posix.join(below, `index${extension}`)));
}

function firstOf<T>(all: readonly T[], find: (one: T) => string | null): string | null {
  for (const one of all) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}

// ---- packages ----

function readManifest(folder: string): Manifest | null {
  const below = posix.join(folder, 'package.json');
  const found = rest.find(below);
  if (!found && kindOf(below) !== 'file') return null;
  const file =
    found?.kind === 'file' ? store.place(found) : path.join(rest.root, rest.follow(below) ?? below);
  try {
    const json: Json = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

const isObject = (json: Json | undefined): json is Manifest =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** The folder and itself, then all that it lies in, up to the root. */
function foldersUp(folder: string): readonly string[] {
  const folders: string[] = [];
  for (
    let here = folder === '.' ? '' : folder;
    here !== '';
    here = here.slice(0, Math.max(0, here.lastIndexOf('/')))
  )
    folders.push(here);
  return [...folders, ''];
}

function nameOf(request: string): string | null {
  return /^(?:@[^/\\%]+\/)?[^./\\%@][^/\\%]*/.exec(request)?.[0] ?? null;
}

/** The folders in which a package may lie, seen from a folder. */
function placesOf(name: string, folder: string): readonly string[] {
  return foldersUp(folder)
    .filter(above => posix.basename(above) !== 'node_modules')
    .map(above => posix.join(above, 'node_modules', name));
}

function fromPackages(request: string, folder: string, search: Search): string | null {
  const name = nameOf(request);
  if (name === null) return null;
  const subpath = `.${request.slice(name.length)}`;
  return (
    fromSelf(name, subpath, folder, search) ??
    firstOf(placesOf(name, folder), place =>
      kindOf(place) === 'folder' ? inPackage(place, subpath, search) : null,
    )
  );
}

function inPackage(folder: string, subpath: string, search: Search): string | null {
  const manifest = readManifest(folder);
  const { exports } = manifest ?? {};
  if (exports !== undefined && exports !== null) return fromExports(folder, exports, subpath, search);
  const target = posix.join(folder, subpath);
  if (subpath === '.') return asFolder(folder);
  return search.kind === 'import' ? fileAt(target) : asPath(target, subpath.endsWith('/'));
}

/** The nearest package around a folder, and its manifest. */
function scopeOf(folder: string): { readonly folder: string; readonly manifest: Manifest } | null {
  for (const above of foldersUp(folder)) {
    if (posix.basename(above) === 'node_modules') return null;
    const manifest = readManifest(above);
    if (manifest) return { folder: above, manifest };
  }
  return null;
}

function fromSelf(name: string, subpath: string, folder: string, search: Search): string | null {
  const scope = scopeOf(folder);
  const { exports } = scope?.manifest ?? {};
  if (!scope || scope.manifest.name !== name || exports === undefined || exports === null) return null;
  return fromExports(scope.folder, exports, subpath, search);
}

// ---- exports and imports ----

function fromExports(folder: string, exports: Json, subpath: string, search: Search): string | null {
  const isMap = isObject(exports) && Object.keys(exports).some(key => key.startsWith('.'));
  const map: Manifest = isMap ? exports : { '.': exports };
  return fromMap(map, subpath, folder, search);
}

function fromImports(request: string, folder: string, search: Search): string | null {
  const scope = scopeOf(folder);
  const { imports } = scope?.manifest ?? {};
  return scope && isObject(imports) ? fromMap(imports, request, scope.folder, search) : null;
}

function fromMap(map: Manifest, key: string, folder: string, search: Search): string | null {
  if (Object.hasOwn(map, key) && !key.includes('*') && !key.endsWith('/'))
    return fromTarget(map[key] as Json, '', folder, search) ?? null;
  const patterns = Object.keys(map)
    .filter(pattern => pattern.includes('*'))
    .map(pattern => ({ pattern, split: pattern.split('*') as [string, string] }))
    .filter(
      ({ pattern, split: [before, after] }) =>
        key.startsWith(before) && key !== before && key.endsWith(after) && key.length >= pattern.length,
    )
    .sort((a, b) => b.split[0].length - a.split[0].length || b.pattern.length - a.pattern.length);
  const [best] = patterns;
  if (!best) return null;
  const [before, after] = best.split;
  const match = key.slice(before.length, key.length - after.length);
  return fromTarget(map[best.pattern] as Json, match, folder, search) ?? null;
}

/** Undefined where no condition holds, so that the next one counts; null where there is none on purpose. */
function fromTarget(target: Json, match: string, folder: string, search: Search): string | null | undefined {
  if (target === null) return null;
  if (typeof target === 'string') return asTarget(target.split('*').join(match), folder, search);
  if (Array.isArray(target)) {
    for (const each of target) {
      const found = fromTarget(each, match, folder, search);
      if (typeof found === 'string') return found;
    }
    return null;
  }
  for (const [condition, inner] of Object.entries(target as Manifest)) {
    if (condition !== 'default' && !search.conditions.has(condition)) continue;
    const found = fromTarget(inner, match, folder, search);
    if (found !== undefined) return found;
  }
  return undefined;
}

function asTarget(target: string, folder: string, search: Search): string | null {
  if (!target.startsWith('./')) return target.startsWith('.') ? null : fromPackages(target, folder, search);
  if (/(?:^|[/\\])(?:\.{1,2}|node_modules)(?:[/\\]|$)/i.test(target.slice(2))) return null;
  return fileAt(posix.join(folder, target));
}

/**
 * True where files that were taken out may have a say: `found` is what Node.js found without them, null for nothing. What was found
 * counts unless the build saw that something would come before it.
 */
function mayMatter(request: string, folder: string, found: string | null): boolean {
  if (request.startsWith('node:')) return false;
  if (found === null) return !isBare(request) || hasPackage(request, folder) || isSelf(request, folder);
  // Built-in modules have no path.
  if (!path.isAbsolute(found)) return false;
  return isSuspect(found) || (isBare(request) && rest.below(found) === null && hasPackage(request, folder));
}

function isBare(request: string): boolean {
  return !/^(?:\.{0,2}\/|\.{1,2}$|#)/.test(request);
}

function isSuspect(found: string): boolean {
  const below = rest.suspects.size === 0 ? null : rest.below(found);
  if (below === null) return false;
  const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(below)?.[0] ?? below;
  return rest.suspects.has(below) || rest.suspects.has(folder);
}

function hasPackage(request: string, folder: string): boolean {
  const name = nameOf(request);
  return name !== null && placesOf(name, folder).some(place => rest.find(place) !== null);
}

function isSelf(request: string, folder: string): boolean {
  return scopeOf(folder)?.manifest.name === nameOf(request);
}

/** What `type` of package.json holds for a file. */
function typeOf(below: string): string {
  const { type } = scopeOf(posix.dirname(below))?.manifest ?? {};
  return type === 'module' || type === 'commonjs' ? type : 'none';
}

export = { resolve, mayMatter, typeOf };
