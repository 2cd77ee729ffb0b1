import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runtimeError } from './describe-error.mts';

export type Handler = (event: unknown, ...rest: readonly unknown[]) => unknown;

export interface HandlerPlace {
  readonly taskRoot: string;
  /** Lambda's `Handler` setting. */
  readonly handler: string;
  /** Of the runtime: before 24 its client loads modules in another way. */
  readonly major: number;
}

const require = createRequire(import.meta.url);

/** Loads a handler as the Node.js runtime client does: the module up to the first dot of the last segment, then the exports. */
export async function resolveHandler(place: HandlerPlace): Promise<Handler> {
  const { handler } = place;
  if (handler.includes('..'))
    throw runtimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  const at = handler.lastIndexOf('/') + 1;
  const [, stem, exported] = /^([^.]*)\.(.*)$/.exec(handler.slice(at)) ?? [];
  if (stem === undefined || exported === undefined)
    throw runtimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const module = await loadModule(place, handler.slice(0, at), stem);
  const found =
    lookUp(module, exported) ?? (place.major >= 24 ? lookUp(module.default, exported) : undefined);
  if (!found) throw runtimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function')
    throw runtimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  return found as Handler;
}

type Loaded = Record<string, unknown>;

async function loadModule({ taskRoot, major }: HandlerPlace, folder: string, stem: string): Promise<Loaded> {
  const path = join(taskRoot, folder, stem);
  try {
    const file = ['', '.js', '.mjs', '.cjs'].map(end => path + end).find(end => existsSync(end));
    if (file !== undefined && (major >= 24 || isModule(file, path)))
      return (await import(pathToFileURL(file).href)) as Loaded;
    // A handler may also lie in a package, of the artifact or of a layer.
    return require(file ?? require.resolve(stem, { paths: [taskRoot, join(taskRoot, folder)] })) as Loaded;
  } catch (error) {
    throw explainImport(error);
  }
}

/** What clients before Node.js 24 import; the rest they require. */
function isModule(file: string, path: string): boolean {
  if (file === path || file.endsWith('.cjs')) return false;
  return file.endsWith('.mjs') || hasTypeModule(dirname(file));
}

/** Whether the nearest package.json says that its .js files are ES modules. */
function hasTypeModule(folder: string): boolean {
  if (folder.endsWith('/node_modules')) return false;
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { type?: unknown } | null)?.type === 'module';
    } catch {
      return false;
    }
  }
  return dirname(folder) !== folder && hasTypeModule(dirname(folder));
}

function explainImport(error: unknown): unknown {
  if (error instanceof SyntaxError) {
    const explained = runtimeError('Runtime.UserCodeSyntaxError', String(error), error);
    if (error.stack !== undefined) explained.stack = error.stack;
    return explained;
  }
  // Of an import that finds nothing the clients say what Node.js says.
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'MODULE_NOT_FOUND'
    ? runtimeError('Runtime.ImportModuleError', String(error), error)
    : error;
}

function lookUp(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    const isObject = (typeof inner === 'object' && inner !== null) || typeof inner === 'function';
    return isObject ? (inner as Loaded)[key] : undefined;
  }, value);
}
