// Node.js loads this file before a function's own code while lambda-slim records what the function needs. It appends a line to a
// file in LAMBDA_SLIM_RECORD for each path inside the function's code that is read (R), found as a module (F), looked at (L) or
// listed (D). Threads and processes that the function starts load it as well, by NODE_OPTIONS. It changes no result.
import childProcess = require('node:child_process');
import crypto = require('node:crypto');
import fs = require('node:fs');
import modules = require('node:module');
import path = require('node:path');
import threads = require('node:worker_threads');
import url = require('node:url');

type Kind = 'R' | 'F' | 'L' | 'D';
type Func = (this: unknown, ...args: unknown[]) => unknown;
type Functions = Record<string, Func | undefined>;

interface Loader {
  _resolveFilename: Func;
  registerHooks?: (hooks: {
    resolve: (specifier: string, context: unknown, next: NextResolve) => Resolved;
  }) => void;
  register?: (specifier: string, options: { data: unknown }) => void;
  syncBuiltinESMExports: () => void;
}

interface Resolved {
  readonly url: string;
}
type NextResolve = (specifier: string, context: unknown) => Resolved;

const { openSync, writeSync, lstatSync, realpathSync } = fs;

// ---- the log ----

function makeNote(
  folder: string,
  roots: readonly string[],
): { note: (kind: Kind, name: unknown) => void; file: string } {
  const file = path.join(
    folder,
    `${process.pid}-${threads.threadId}-${crypto.randomBytes(6).toString('hex')}.log`,
  );
  const log = openSync(file, 'a', 0o666);
  for (const root of roots) writeSync(log, `T ${escapeLine(root)}\n`);
  const seen = new Set<string>();
  const note = (kind: Kind, name: unknown): void => {
    const full = toPath(name);
    if (full === null || !roots.some(root => (full + path.sep).startsWith(root + path.sep))) return;
    const line = `${kind} ${escapeLine(full)}\n`;
    // What is not there needs no word, so that the log is never longer than the list of the function's files.
    if (seen.has(line) || !lstatSync(full, { throwIfNoEntry: false })) return;
    seen.add(line);
    writeSync(log, line);
  };
  return { note: quietly(note), file };
}

function toPath(name: unknown): string | null {
  if (typeof name === 'string')
    return path.resolve(name.startsWith('file://') ? url.fileURLToPath(name) : name);
  if (name instanceof URL) return name.protocol === 'file:' ? url.fileURLToPath(name) : null;
  return Buffer.isBuffer(name) ? path.resolve(name.toString()) : null;
}

function escapeLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** Recording must never be what a function fails by. */
function quietly<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      run(...args);
    } catch {}
  };
}

// ---- what is watched ----

const FILE_FUNCTIONS: Readonly<Record<'R' | 'L' | 'D', readonly string[]>> = {
  R: ['open', 'readFile', 'createReadStream', 'copyFile', 'cp', 'openAsBlob'],
  L: ['stat', 'lstat', 'access', 'exists', 'readlink', 'realpath', 'statfs', 'watch', 'watchFile', 'link'],
  D: ['readdir', 'opendir'],
};

function watchFiles(note: (kind: Kind, name: unknown) => void): void {
  for (const kind of ['R', 'L', 'D'] as const) {
    for (const name of FILE_FUNCTIONS[kind]) {
      const before = (first: unknown): void => note(kind, first);
      wrap(fs as unknown as Functions, name, before);
      wrap(fs as unknown as Functions, `${name}Sync`, before);
      wrap(fs.promises as unknown as Functions, name, before);
    }
  }
  for (const real of [fs.realpath, fs.realpathSync])
    wrap(real as unknown as Functions, 'native', name => note('L', name));
}

function watchProcesses(note: (kind: Kind, name: unknown) => void): void {
  // A command may stand in an argument for a shell.
  const words = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(words);
    else if (typeof value === 'string') for (const word of value.split(/[\s'"]+/)) if (word) note('R', word);
  };
  for (const name of ['spawnSync', 'execFileSync', 'execSync'])
    wrap(childProcess as unknown as Functions, name, (file, args) => [file, args].forEach(words));
  wrap(childProcess.ChildProcess.prototype as unknown as Functions, 'spawn', options => {
    const { file, args } = options as { file?: unknown; args?: unknown };
    [file, args].forEach(words);
  });
  wrap(process as unknown as Functions, 'dlopen', (_module, file) => note('R', file));
}

/** A thread that is given variables of its own does not read NODE_OPTIONS. */
function watchThreads(note: (kind: Kind, name: unknown) => void): void {
  const { Worker } = threads;
  const Watched = class extends Worker {
    constructor(file: string | URL, options: threads.WorkerOptions = {}) {
      note('R', file);
      const { env, execArgv = process.execArgv } = options;
      const isBare = typeof env === 'object' && env.NODE_OPTIONS !== process.env.NODE_OPTIONS;
      super(file, isBare ? { ...options, execArgv: ['--require', __filename, ...execArgv] } : options);
    }
  };
  Object.defineProperty(Watched, 'name', { value: 'Worker' });
  Object.assign(threads, { Worker: Watched });
}

/** Node.js reads modules by ways of its own, so it is asked which files it found. */
function watchModules(note: (kind: Kind, name: unknown) => void, log: string): void {
  const loader = modules as unknown as Loader;
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function (...args) {
    const found = resolveFilename.apply(this, args);
    if (typeof found === 'string' && path.isAbsolute(found)) note('F', found);
    return found;
  };
  if (loader.registerHooks) {
    loader.registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier, context);
        if (found.url.startsWith('file:')) note('F', found.url.replace(/[?#].*$/, ''));
        return found;
      },
    });
  } else {
    loader.register?.(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { data: log });
  }
}

/** Before Node.js 22.15 such a hook runs in a thread of its own. */
const HOOKS = `
import { appendFileSync } from 'node:fs';
let log;
export const initialize = file => void (log = file);
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (found.url.startsWith('file:')) try { appendFileSync(log, 'U ' + found.url + '\\n') } catch {}
  return found;
}`;

function wrap(owner: Functions, name: string, before: (...args: unknown[]) => void): void {
  const original = owner[name];
  if (typeof original !== 'function') return;
  const quiet = quietly(before);
  const wrapper: Func = function (...args) {
    quiet(...args);
    return original.apply(this, args);
  };
  // With all that hangs on it, such as `native` and what `promisify` looks for.
  owner[name] = Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(original));
}

/** A thread may have been given other variables. */
function findSettings(): NodeJS.ProcessEnv {
  if (!threads.isMainThread) return threads.getEnvironmentData('lambda-slim-record') as NodeJS.ProcessEnv;
  const { LAMBDA_SLIM_RECORD, LAMBDA_TASK_ROOT } = process.env;
  threads.setEnvironmentData('lambda-slim-record', { LAMBDA_SLIM_RECORD, LAMBDA_TASK_ROOT });
  return { LAMBDA_SLIM_RECORD, LAMBDA_TASK_ROOT };
}

function start(): void {
  const { LAMBDA_SLIM_RECORD: folder, LAMBDA_TASK_ROOT: root } = findSettings();
  if (!folder || !root) return;
  const roots = [...new Set([path.resolve(root), realpathSync(root)])];
  const { note, file } = makeNote(folder, roots);
  watchFiles(note);
  watchProcesses(note);
  watchThreads(note);
  watchModules(note, file);
  (modules as unknown as Loader).syncBuiltinESMExports();
}

quietly(start)();
