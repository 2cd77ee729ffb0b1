import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (event: unknown, context: unknown, callback?: unknown) => unknown;

/** An error with the name that Lambda gives it. */
export function runtimeError(name: string, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return error;
}

/** Loads a handler as the Node.js runtime client does: the module up to the first dot of the last segment, then the exports. */
export async function resolveHandler(taskRoot: string, handler: string): Promise<Handler> {
  if (handler.includes('..'))
    throw runtimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  const at = handler.lastIndexOf('/') + 1;
  const [, stem, exported] = /^([^.]*)\.(.*)$/.exec(handler.slice(at)) ?? [];
  if (stem === undefined || !exported) throw runtimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const module = await loadModule(taskRoot, `${handler.slice(0, at)}${stem}`);
  const found = lookUp(module, exported) ?? lookUp(module.default, exported);
  if (found === undefined)
    throw runtimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function')
    throw runtimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  return found as Handler;
}

async function loadModule(taskRoot: string, name: string): Promise<Record<string, unknown>> {
  const path = join(taskRoot, name);
  const file = ['', '.js', '.mjs', '.cjs']
    .map(extension => path + extension)
    .find(candidate => existsSync(candidate));
  try {
    // A handler may also lie in a package, of the artifact or of a layer.
    const target = file ?? createRequire(join(taskRoot, 'index.js')).resolve(name);
    return (await import(pathToFileURL(target).href)) as Record<string, unknown>;
  } catch (error) {
    throw explainImport(error);
  }
}

function explainImport(error: unknown): unknown {
  if (error instanceof SyntaxError) return runtimeError('Runtime.UserCodeSyntaxError', String(error), error);
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const isMissing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  return isMissing ? runtimeError('Runtime.ImportModuleError', String(error), error) : error;
}

function lookUp(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    const isObject = (typeof inner === 'object' && inner !== null) || typeof inner === 'function';
    return isObject ? (inner as Record<string, unknown>)[key] : undefined;
  }, value);
}
