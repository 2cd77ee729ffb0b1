// lambda-slim took out of this function what no test run needed. This file, which lambda-slim put here, lets Node.js find what
// turns out to be needed after all: it fetches each such file once and says so on stderr, for the next build. rest.json beside it
// names them. They are looked for in the layer /opt/lambda-slim-rest, or where LAMBDA_SLIM_REST says: a folder, s3://bucket/key
// or https://… Threads and processes that the function starts load this file as well.
import modules = require('node:module');
import threads = require('node:worker_threads');
import dlopen = require('./rest-dlopen.cts');
import files = require('./rest-fs.cts');
import imports = require('./rest-modules.cts');

type Constructor = typeof threads.Worker;

/** Threads and processes of the function have modules and an `fs` of their own: this file has to be loaded there first, too. */
function follow(): void {
  const { NODE_OPTIONS = '' } = process.env;
  const option = `--require "${__filename.replace(/["\\]/g, '\\$&')}"`;
  if (!NODE_OPTIONS.includes(option)) process.env.NODE_OPTIONS = `${option} ${NODE_OPTIONS}`.trimEnd();
  threads.Worker = new Proxy(threads.Worker, {
    construct: (Worker, [file, options], newTarget) =>
      startThread(Worker, file, options ?? {}, newTarget as Constructor),
  });
  modules.syncBuiltinESMExports();
}

/** What a thread inherits may hold flags of the process, which it does not take where they are named. */
function startThread(
  Worker: Constructor,
  file: unknown,
  options: threads.WorkerOptions,
  newTarget: Constructor,
): threads.Worker {
  const start = (flags: readonly string[]): threads.Worker =>
    Reflect.construct(
      Worker,
      [file, { ...options, execArgv: ['--require', __filename, ...flags] }],
      newTarget,
    );
  try {
    return start(options.execArgv ?? process.execArgv);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (options.execArgv || code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    return start(process.execArgv.filter(flag => !message.includes(flag)));
  }
}

const mark = Symbol.for(`lambda-slim rest ${__dirname}`);
const marks = process as unknown as Record<symbol, boolean>;
if (!marks[mark]) {
  marks[mark] = true;
  files.install();
  imports.install();
  dlopen.install();
  follow();
}
