// The packages of this function lie on a file system that Lambda mounts, not beside it. This file, which lambda-slim put here, lets
// `require` and `import` find them there: below the folder that the variable LAMBDA_SLIM_ROOT names. Threads and processes that the
// function starts load this file as well.
import modules = require('node:module');
import path = require('node:path');
import url = require('node:url');
import imports = require('./efs-imports.cts');
import efsRoot = require('./efs-root.cts');
import follow = require('./follow.cts');

interface Internals {
  _initPaths(): void;
  registerHooks?(hooks: object): void;
  register(specifier: string, parent: string): void;
}

const internals = modules as unknown as Internals;
const mark = Symbol.for(`lambda-slim efs ${__dirname}`);
const marks = process as unknown as Record<symbol, boolean>;

function install(): void {
  const packages = path.join(efsRoot.openRoot(), 'node_modules');
  const before = (process.env.NODE_PATH ?? '')
    .split(path.delimiter)
    .filter(folder => folder !== '' && folder !== packages);
  process.env.NODE_PATH = [packages, ...before].join(path.delimiter);
  internals._initPaths();
  // Before Node.js 22.15 it takes a thread, which loads the file by itself.
  if (internals.registerHooks) internals.registerHooks({ resolve: imports.resolveSync });
  else internals.register('./efs-imports.cjs', url.pathToFileURL(__filename).href);
  follow.follow(__filename);
}

if (!marks[mark]) {
  marks[mark] = true;
  install();
}
