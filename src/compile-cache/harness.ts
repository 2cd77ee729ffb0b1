// Runs in the Node.js of the runtime, as a program of its own; it imports nothing of the house.
import fs from 'node:fs';
import module, { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What to import, and under which name V8 shall see it. */
export interface HarnessJob {
  /** Path in the artifact of the module to import. */
  readonly entry: string;
  /** Modules that appear to lie under `servedRoot`, so that neither name nor bytes of the cache depend on this machine. */
  readonly served: readonly string[];
  readonly servedRoot: string;
  /** Where the artifact lies. */
  readonly taskRoot: string;
  /** Folder for the compile cache; null leaves it to what is imported. */
  readonly cacheDir: string | null;
  readonly resultFile: string;
}

/** How long the import took, ms, or what it threw. */
export type HarnessResult = { readonly ms: number } | { readonly error: string };

interface Resolved {
  readonly url: string;
  readonly format?: string;
  readonly shortCircuit?: boolean;
}

interface ResolveContext {
  readonly parentURL?: string;
  readonly conditions: readonly string[];
}

interface Hooks {
  resolve(
    specifier: string,
    context: ResolveContext,
    next: (s: string, c: ResolveContext) => Resolved,
  ): Resolved;
  load(url: string, context: object, next: (url: string, context: object) => object): object;
}

/** Of Node.js 22 and later, which this program runs on. */
const modern = module as unknown as {
  registerHooks(hooks: Hooks): void;
  enableCompileCache(dir: string): void;
  flushCompileCache(): void;
};

const job: HarnessJob = JSON.parse(process.argv[2] ?? '{}');
const servedUrl = (path: string): string => pathToFileURL(`${job.servedRoot}/${path}`).href;
const realUrl = (path: string): string => pathToFileURL(`${job.taskRoot}/${path}`).href;
const toServed = new Map(job.served.map(path => [realUrl(path), servedUrl(path)]));
const toReal = new Map([...toServed].map(([real, served]) => [served, real]));
const formatOf = (url: string): string => (url.endsWith('.cjs') ? 'commonjs' : 'module');

/** Serves the named modules from where they really are, and resolves what they import from there as well. */
function serveModules(): void {
  modern.registerHooks({
    resolve(specifier, context, next) {
      if (module.isBuiltin(specifier)) return next(specifier, context);
      const asked = specifier.startsWith('/') ? pathToFileURL(specifier).href : specifier;
      if (toReal.has(asked)) return { url: asked, format: formatOf(asked), shortCircuit: true };
      const parent = toReal.get(context.parentURL ?? '');
      if (parent === undefined) return next(specifier, context);
      const found = context.conditions.includes('import')
        ? next(specifier, { ...context, parentURL: parent })
        : { url: pathToFileURL(createRequire(parent).resolve(specifier)).href, shortCircuit: true };
      const url = toServed.get(found.url);
      return url === undefined ? found : { url, format: formatOf(url), shortCircuit: true };
    },
    load(url, context, next) {
      const real = toReal.get(url);
      if (real === undefined) return next(url, context);
      return { format: formatOf(url), source: fs.readFileSync(fileURLToPath(real)), shortCircuit: true };
    },
  });
}

/** Leads what a module does with files under the served root to where they are. */
function redirectFiles(of: object): void {
  for (const [name, original] of Object.entries(of)) {
    if (typeof original !== 'function' || /^[A-Z_]/.test(name)) continue;
    const redirected = (path: unknown, ...rest: readonly unknown[]): unknown =>
      original(toRealPath(path), ...rest);
    Reflect.set(of, name, Object.assign(redirected, original));
  }
}

function toRealPath(path: unknown): unknown {
  const text = path instanceof URL && path.protocol === 'file:' ? fileURLToPath(path) : path;
  const isServed = typeof text === 'string' && `${text}/`.startsWith(`${job.servedRoot}/`);
  return isServed ? job.taskRoot + text.slice(job.servedRoot.length) : path;
}

async function importEntry(url: string): Promise<HarnessResult> {
  const started = performance.now();
  if (url.endsWith('.cjs')) createRequire(url)(fileURLToPath(url));
  else await import(url);
  return { ms: performance.now() - started };
}

serveModules();
redirectFiles(fs);
redirectFiles(fs.promises);
module.syncBuiltinESMExports();
if (job.cacheDir !== null) modern.enableCompileCache(job.cacheDir);
const result = await importEntry(servedUrl(job.entry)).catch((error: unknown) => ({ error: String(error) }));
if (job.cacheDir !== null) modern.flushCompileCache();
fs.writeFileSync(job.resultFile, JSON.stringify(result));
process.exit(0);
