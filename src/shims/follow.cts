// Part of what lambda-slim put into this function: see the files beside it.
import modules = require('node:module');
import threads = require('node:worker_threads');

type Constructor = typeof threads.Worker;

/** Lets threads and processes of the function, which have modules and functions of Node.js of their own, load a file first, too. */
function follow(file: string): void {
  const { NODE_OPTIONS = '' } = process.env;
  const option = `--require "${file.replace(/["\\]/g, '\\$&')}"`;
  if (!NODE_OPTIONS.includes(option)) process.env.NODE_OPTIONS = `${option} ${NODE_OPTIONS}`.trimEnd();
  threads.Worker = new Proxy(threads.Worker, {
    construct: (Worker, [script, options], newTarget) =>
      startThread({ Worker, script, newTarget: newTarget as Constructor }, file, options ?? {}),
  });
  modules.syncBuiltinESMExports();
}

interface Start {
  readonly Worker: Constructor;
  readonly script: unknown;
  readonly newTarget: Constructor;
}

/** What a thread inherits may hold flags of the process, which it does not take where they are named. */
function startThread(
  { Worker, script, newTarget }: Start,
  file: string,
  options: threads.WorkerOptions,
): threads.Worker {
  const start = (flags: readonly string[]): threads.Worker =>
    Reflect.construct(Worker, [script, { ...options, execArgv: ['--require', file, ...flags] }], newTarget);
  try {
    return start(options.execArgv ?? process.execArgv);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (options.execArgv || code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    return start(process.execArgv.filter(flag => !message.includes(flag)));
  }
}

export = { follow };
