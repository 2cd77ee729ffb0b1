// Part of what lambda-slim put into this function; see efs.cjs beside it. Lets `import` find packages in the folder of the release.
import path = require('node:path');
import url = require('node:url');

interface Context {
  readonly conditions?: readonly string[];
  readonly parentURL?: string | undefined;
}
interface Resolved {
  readonly url: string;
}

const TASK = `${url.pathToFileURL(path.dirname(__dirname)).href}/`;
const isBare = (specifier: string): boolean =>
  !/^(?:\.{0,2}\/|\.{1,2}$|[a-z][a-z0-9+.-]*:|#)/i.test(specifier);

/** Where packages are looked for, as from a file beside their folder. By then the variable names the folder without links. */
function inRoot(context: Context): Context {
  const { LAMBDA_SLIM_ROOT: root = '' } = process.env;
  return { ...context, parentURL: url.pathToFileURL(path.join(root, 'none.mjs')).href };
}

/** True where a package of the release may be meant; `require` finds them by NODE_PATH. */
function mayBeThere(specifier: string, { conditions, parentURL = '' }: Context): boolean {
  return isBare(specifier) && parentURL.startsWith(TASK) && !conditions?.includes('require');
}

/** As in a zip, what lies beside the handler comes first, then the release, and then what the runtime and layers bring. */
const isFirst = ({ url: found }: Resolved): boolean => found.startsWith(TASK) || found.startsWith('node:');

function resolveSync(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved,
): Resolved {
  if (!mayBeThere(specifier, context)) return next(specifier, context);
  let failure: unknown;
  let outcome: Resolved | null = null;
  try {
    outcome = next(specifier, context);
    if (isFirst(outcome)) return outcome;
  } catch (error) {
    failure = error;
  }
  try {
    return next(specifier, inRoot(context));
  } catch (error) {
    if (outcome) return outcome;
    throw choose(failure, error);
  }
}

async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Resolved>,
): Promise<Resolved> {
  if (!mayBeThere(specifier, context)) return next(specifier, context);
  let failure: unknown;
  let outcome: Resolved | null = null;
  try {
    outcome = await next(specifier, context);
    if (isFirst(outcome)) return outcome;
  } catch (error) {
    failure = error;
  }
  try {
    return await next(specifier, inRoot(context));
  } catch (error) {
    if (outcome) return outcome;
    throw choose(failure, error);
  }
}

/** Of a package that is there, the second error says what is wrong with it; else the first names who asked. */
function choose(first: unknown, second: unknown): unknown {
  const { code } = second as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' ? first : second;
}

export = { resolveSync, resolve };
