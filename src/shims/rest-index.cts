// What lambda-slim took out of this function, as rest.json beside this file lists it. rest.cjs says what all this is for.
import fs = require('node:fs');
import path = require('node:path');
import url = require('node:url');

/** A file: its place among the digests, its size in bytes, and flags. */
type Leaf = readonly [at: number, bytes: number, flags: number];
/** A folder by the names in it; a text is the target of a link. */
type Node = { readonly [name: string]: Node } | Leaf | string;

interface Index {
  readonly schema: 1;
  readonly id: string;
  /** How many files, and their bytes together. */
  readonly files: number;
  readonly bytes: number;
  readonly tree: Node;
  /** Targets of all links, in the artifact and taken out of it, by their paths. */
  readonly links: Readonly<Record<string, string>>;
  /** Files and folders that Node.js may have taken only because what comes before them is not there. */
  readonly suspects: readonly string[];
  /** Libraries that are in the artifact. */
  readonly libraries: readonly string[];
}

type Found =
  | {
      readonly kind: 'file';
      /** Without links in it, relative to the root of the artifact. */
      readonly path: string;
      readonly bytes: number;
      /** Its place among the digests. */
      readonly at: number;
      readonly executable: boolean;
      /** True where an empty file stands in its place. */
      readonly emptied: boolean;
    }
  | { readonly kind: 'folder'; readonly path: string; readonly names: Readonly<Record<string, Kind>> };
type Kind = Found['kind'] | 'link';

const EXECUTABLE = 1;
const EMPTIED = 2;
/** As many as Linux follows. */
const MAX_LINKS = 40;

/** The root of the artifact; a link to this folder does not count. */
const root = path.dirname(fs.realpathSync(__dirname));
const index = readIndex();
const roots = [
  ...new Set([root, path.dirname(__dirname), path.resolve(process.env.LAMBDA_TASK_ROOT || root)]),
].map(folder => (folder.endsWith(path.sep) ? folder : folder + path.sep));
const suspects = new Set(index.suspects);
const hasLinks = Object.keys(index.links).length > 0;

function readIndex(): Index {
  const file = path.join(__dirname, 'rest.json');
  const read: Index = JSON.parse(fs.readFileSync(file, 'utf8'));
  if (read.schema !== 1 || !/^[0-9a-f]{64}$/.test(read.id))
    throw new Error(
      `lambda-slim: ${file} is none that this shim can read (schema 1). Build the artifact anew.`,
    );
  return read;
}

/** The path below the root of the artifact, or null for one elsewhere and for what is no path. The root is the empty path. */
function below(file: unknown): string | null {
  const text = toText(file);
  if (text === null || text.includes('\0')) return null;
  const isPlain = text.charCodeAt(0) === 47 && !/\/(?:\/|\.|$)/.test(text);
  const whole = isPlain ? text : path.resolve(text);
  for (const folder of roots) {
    if (whole.startsWith(folder)) return whole.slice(folder.length);
    if (whole.length === folder.length - 1 && folder.startsWith(whole)) return '';
  }
  return null;
}

function toText(file: unknown): string | null {
  if (typeof file === 'string') return file;
  if (Buffer.isBuffer(file)) return file.toString();
  if (!(file instanceof URL) || file.protocol !== 'file:') return null;
  try {
    return url.fileURLToPath(file);
  } catch {
    return null;
  }
}

/** What was taken out under a path below the root; links are followed, the last one only if `last` is true. */
function find(below: string, last = true): Found | null {
  const place = hasLinks ? follow(below, last) : below;
  const node = place === null ? undefined : lookUp(place);
  if (place === null || node === undefined || typeof node === 'string') return null;
  if (!isLeaf(node)) return { kind: 'folder', path: place, names: namesOf(node) };
  const [at, bytes, flags] = node;
  return {
    kind: 'file',
    path: place,
    bytes,
    at,
    executable: (flags & EXECUTABLE) !== 0,
    emptied: (flags & EMPTIED) !== 0,
  };
}

/** The target of a link that was taken out, or null. */
function findLink(below: string): string | null {
  const place = hasLinks ? follow(below, false) : null;
  const node = place === null ? undefined : lookUp(place);
  return typeof node === 'string' ? node : null;
}

function isLeaf(node: Node): node is Leaf {
  return Array.isArray(node);
}

function namesOf(folder: { readonly [name: string]: Node }): Readonly<Record<string, Kind>> {
  const kinds = Object.entries(folder).map(([name, node]): [string, Kind] => [
    name,
    typeof node === 'string' ? 'link' : isLeaf(node) ? 'file' : 'folder',
  ]);
  return Object.fromEntries(kinds);
}

function lookUp(place: string): Node | undefined {
  let node: Node = index.tree;
  if (place === '') return node;
  for (const name of place.split('/')) {
    if (typeof node === 'string' || isLeaf(node) || !Object.hasOwn(node, name)) return undefined;
    node = node[name] as Node;
  }
  return node;
}

/** The path without links, or null where it leaves the artifact or runs in circles. */
function follow(below: string, last = true): string | null {
  const done: string[] = [];
  const todo = below.split('/').reverse();
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (done.pop() === undefined) return null;
      continue;
    }
    done.push(name);
    if (!last && todo.length === 0) break;
    const here = done.join('/');
    if (!Object.hasOwn(index.links, here)) continue;
    const target = index.links[here] as string;
    if (++links > MAX_LINKS || target.startsWith('/')) return null;
    done.pop();
    todo.push(...target.split('/').reverse());
  }
  return done.join('/');
}

export = { root, index, suspects, below, find, findLink, follow };
