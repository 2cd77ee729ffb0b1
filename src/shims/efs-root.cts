// Part of what lambda-slim put into this function; see efs.cjs beside it. Finds the folder of the release.
import fs = require('node:fs');
import path = require('node:path');

const NAME = 'LAMBDA_SLIM_ROOT';

/** What each release of this function has; the build writes it here, and nothing where the function needs nothing. */
const EXPECTED: string = '{{expected}}';

const EXAMPLE = 'It names the folder of the release, such as /mnt/ml/name/current.';

/** What a person can do about a folder that cannot be read. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there. Is the file system mounted at this path, and was the release synced to it',
  ENOTDIR: 'it is no folder. Does the variable name the folder of a release',
  EACCES: "it may not be read. Does the access point's POSIX user own it",
  ESTALE: 'the file system lost it. Was the release deleted while this instance ran',
};

function refuse(reason: string): never {
  const error = new Error(`lambda-slim: the packages of this function cannot be found: ${reason}`);
  error.name = 'LambdaSlimRootError';
  throw error;
}

function explain(named: string, error: unknown): never {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return refuse(
    `${NAME} is ${named}, and ${ADVICE[code] ?? `reading it failed (${code}). Is the file system in order`}?`,
  );
}

/**
 * The folder of the release without links, so that all of an instance sees one release, even if `current` is switched meanwhile.
 * Variables that name something in it do so from now on as well.
 */
function openRoot(): string {
  const named = process.env[NAME];
  if (!named) return refuse(`the variable ${NAME} is not set. ${EXAMPLE}`);
  if (!path.isAbsolute(named)) return refuse(`${NAME} is ${named}, which is no absolute path. ${EXAMPLE}`);
  let root: string;
  try {
    root = fs.realpathSync(named);
    fs.readdirSync(root);
  } catch (error) {
    return explain(named, error);
  }
  if (EXPECTED !== '' && !fs.existsSync(path.join(root, EXPECTED)))
    return refuse(
      `${NAME} is ${named}, which is no release of this function: ${EXPECTED} is not in it. ${EXAMPLE}`,
    );
  const before = path.normalize(`${named}/`).slice(0, -1);
  for (const [name, value = ''] of Object.entries(process.env)) {
    const isInside = value === before || value.startsWith(`${before}/`);
    if (isInside && before !== root) process.env[name] = root + value.slice(before.length);
  }
  process.env[NAME] = root;
  return root;
}

export = { openRoot };
