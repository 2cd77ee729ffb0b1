// The hooks by which Node.js imports modules that were taken out of this function. rest.cjs says what all this is for.
import fs = require('node:fs');
import path = require('node:path');
import url = require('node:url');
import rest = require('./rest-index.cts');
import resolver = require('./rest-resolve.cts');
import store = require('./rest-store.cts');

interface Context {
  readonly conditions?: readonly string[];
  readonly parentURL?: string;
  readonly format?: string | null;
}

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
  readonly shortCircuit?: boolean;
}

interface Loaded {
  readonly format: string;
  readonly source?: string | Uint8Array | null;
  readonly shortCircuit?: boolean;
}

type Search = Parameters<typeof resolver.resolve>[2];

const { readFileSync } = fs;
const { fileURLToPath, pathToFileURL } = url;

const MISSING = new Set([
  'ERR_MODULE_NOT_FOUND',
  'MODULE_NOT_FOUND',
  'ERR_PACKAGE_IMPORT_NOT_DEFINED',
  'ERR_INVALID_PACKAGE_CONFIG',
]);

/** Where a module lies in the artifact, with its bytes fetched; null where it is in neither. */
function bring(request: string, folder: string, search: Search): string | null {
  const target = resolver.resolve(request, folder, search);
  const found = target === null ? null : rest.find(target);
  if (found?.kind !== 'file') return target;
  try {
    store.place(found);
  } catch (error) {
    throw new Error(store.hint(found.path, error));
  }
  return found.path;
}

/** What takes the place of an outcome of Node.js's own resolution, or null. */
function amend(specifier: string, context: Context, outcome: Resolved | null): Resolved | null {
  const { parentURL = '', conditions = [] } = context;
  if (!parentURL.startsWith('file:') || outcome?.url.startsWith('node:')) return null;
  const folder = rest.below(path.dirname(fileURLToPath(parentURL)));
  const isPath = /^(?:\.{0,2}\/|\.{1,2}$|file:)/.test(specifier);
  if (folder === null && !isPath) return null;
  const target = isPath ? new URL(specifier, parentURL) : null;
  const request = target ? fileURLToPath(target) : specifier;
  const found = outcome?.url.startsWith('file:') ? fileURLToPath(outcome.url) : (outcome?.url ?? null);
  if (!resolver.mayMatter(request, folder ?? '', found)) return null;
  const place = bring(request, folder ?? '', { kind: 'import', conditions: new Set(conditions) });
  if (place === null) return null;
  const { href } = pathToFileURL(path.join(rest.root, place));
  const suffix = target ? target.search + target.hash : '';
  return { url: href + suffix, format: formatOf(place), shortCircuit: true };
}

function formatOf(below: string): string {
  const extension = path.posix.extname(below);
  const known: Readonly<Record<string, string>> = {
    '.mjs': 'module',
    '.cjs': 'commonjs',
    '.json': 'json',
    '.wasm': 'wasm',
    '.node': 'addon',
  };
  if (extension !== '.js' && extension !== '') return known[extension] ?? 'commonjs';
  const type = resolver.typeOf(below);
  return type === 'none' ? 'commonjs' : type;
}

function shouldAmend(failure: unknown): boolean {
  return MISSING.has((failure as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** Amends an outcome; where what is missing cannot be fetched the failure says so. */
function settle(specifier: string, context: Context, outcome: Resolved | null, failure?: unknown): Resolved {
  if (!failure || shouldAmend(failure)) {
    try {
      const better = amend(specifier, context, outcome);
      if (better) return better;
    } catch (error) {
      if (failure instanceof Error) failure.message += `\n${(error as Error).message}`;
    }
  }
  if (outcome === null) throw failure;
  return outcome;
}

let importing = false;

function resolveSync(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved,
): Resolved {
  // `require` has been served by then.
  if (context.conditions?.includes('require')) return next(specifier, context);
  let outcome: Resolved;
  importing = true;
  try {
    outcome = next(specifier, context);
  } catch (failure) {
    return settle(specifier, context, null, failure);
  } finally {
    importing = false;
  }
  return settle(specifier, context, outcome);
}

/** True while Node.js resolves for `import`: where it finds nothing it asks what `require` would find, to name it in its error. */
function isImporting(): boolean {
  return importing;
}

async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Resolved>,
): Promise<Resolved> {
  let outcome: Resolved;
  try {
    outcome = await next(specifier, context);
  } catch (failure) {
    return settle(specifier, context, null, failure);
  }
  return settle(specifier, context, outcome);
}

function findFile(
  address: string,
): Extract<NonNullable<ReturnType<typeof rest.find>>, { kind: 'file' }> | null {
  if (!address.startsWith('file:')) return null;
  const below = rest.below(fileURLToPath(address));
  const found = below === null ? null : rest.find(below);
  return found?.kind === 'file' ? found : null;
}

function read(address: string, { format }: Context, withCode: boolean): Loaded | null {
  const found = findFile(address);
  if (!found || path.posix.extname(found.path) === '.node') return null;
  const known = format ?? formatOf(found.path);
  if (known === 'commonjs' && !withCode) return { format: known, source: null, shortCircuit: true };
  try {
    return { format: known, source: readFileSync(store.place(found)), shortCircuit: true };
  } catch (error) {
    throw new Error(store.hint(found.path, error));
  }
}

function loadSync(
  address: string,
  context: Context,
  next: (address: string, context: Context) => Loaded,
): Loaded {
  return read(address, context, true) ?? next(address, context);
}

async function load(
  address: string,
  context: Context,
  next: (address: string, context: Context) => Promise<Loaded>,
): Promise<Loaded> {
  return read(address, context, false) ?? next(address, context);
}

export = { bring, isImporting, resolveSync, resolve, loadSync, load };
