// Lets `require` and `import` find modules that were taken out of this function. They keep their paths in the artifact, so that
// no module is ever loaded twice, and `__filename` is what it always was. rest.cjs says what all this is for.
import modules = require('node:module');
import path = require('node:path');
import url = require('node:url');
import esm = require('./rest-esm.cts');
import rest = require('./rest-index.cts');
import resolver = require('./rest-resolve.cts');
import store = require('./rest-store.cts');

interface Parent {
  readonly filename?: string | null;
}

interface ResolveOptions {
  readonly paths?: readonly string[];
}

interface Internals {
  _resolveFilename(request: string, parent: Parent | null, isMain: boolean, options?: ResolveOptions): string;
  registerHooks?(hooks: object): void;
  register(specifier: string, parent: string): void;
}

const internals = modules as unknown as Internals;

/** What may be told of a module that is not there, or whose package.json is not. */
const MISSING = new Set([
  'MODULE_NOT_FOUND',
  'ENOENT',
  'ERR_PACKAGE_IMPORT_NOT_DEFINED',
  'ERR_INVALID_PACKAGE_CONFIG',
]);

function conditionsOf(): ReadonlySet<string> {
  const options = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  const own = options.flatMap((option, at) => {
    const [, value] = /^(?:--conditions|-C)=(.*)$/.exec(option) ?? [];
    if (value !== undefined) return [value];
    return option === '--conditions' || option === '-C' ? [options[at + 1] ?? ''] : [];
  });
  const { require_module } = process.features as { require_module?: boolean };
  return new Set(['node', 'require', ...(require_module ? ['module-sync'] : []), 'node-addons', ...own]);
}

function wrapRequire(): void {
  const original = internals._resolveFilename;
  const conditions = conditionsOf();
  internals._resolveFilename = function (request, parent, isMain, options) {
    let found: string | null = null;
    let failure: NodeJS.ErrnoException | undefined;
    try {
      found = original.call(this, request, parent, isMain, options);
    } catch (error) {
      failure = error as NodeJS.ErrnoException;
      if (esm.isImporting() || !MISSING.has(failure?.code ?? '')) throw error;
    }
    try {
      const folders = options?.paths ?? [parent?.filename ? path.dirname(parent.filename) : process.cwd()];
      const better = typeof request === 'string' ? locate(request, folders, conditions, found) : null;
      if (better !== null) return better;
    } catch (error) {
      if (failure) failure.message += `\n${(error as Error).message}`;
    }
    if (found === null) throw failure;
    return found;
  };
}

/** Where a module lies in the artifact; what was taken out is fetched by then. */
function locate(
  request: string,
  folders: readonly string[],
  conditions: ReadonlySet<string>,
  found: string | null,
): string | null {
  for (const folder of folders) {
    const below = rest.below(folder) ?? (path.isAbsolute(request) ? '' : null);
    if (below === null || !resolver.mayMatter(request, below, found)) continue;
    const target = esm.bring(request, below, { kind: 'require', conditions });
    if (target !== null) return path.join(rest.root, target);
  }
  return null;
}

/** ES modules: in this thread where Node.js can (22.15, 23.5), else in the thread that Node.js has for it. */
function wrapImport(): void {
  if (internals.registerHooks) {
    internals.registerHooks({ resolve: esm.resolveSync, load: esm.loadSync });
    return;
  }
  internals.register('./rest-hooks.cjs', url.pathToFileURL(__filename).href);
  readForNames();
}

/** Before it imports a CommonJS module, such a Node.js reads it past `fs`, to see what it exports. */
function readForNames(): void {
  type Binding = Record<'readFileUtf8', ((file: unknown, ...more: unknown[]) => string) | undefined>;
  const { binding } = process as unknown as { binding(name: string): Binding };
  const functions = binding('fs');
  const read = functions.readFileUtf8;
  if (!read) return;
  functions.readFileUtf8 = (file, ...more) => {
    const below = rest.below(file);
    const found = below === null ? null : rest.find(below);
    return read.call(functions, found?.kind === 'file' ? store.place(found) : file, ...more);
  };
}

function install(): void {
  wrapRequire();
  wrapImport();
}

export = { install };
