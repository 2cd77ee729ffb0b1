// Lets `fs` show and read what was taken out of this function as if it were there. rest.cjs says what all this is for.
import fs = require('node:fs');
import modules = require('node:module');
import path = require('node:path');
import rest = require('./rest-index.cts');
import listing = require('./rest-readdir.cts');
import look = require('./rest-stat.cts');
import store = require('./rest-store.cts');

type Found = NonNullable<ReturnType<typeof rest.find>>;
type File = Extract<Found, { kind: 'file' }>;
type Method = (this: unknown, ...args: unknown[]) => unknown;
type Methods = Record<string, Method | undefined>;

/** What a call is answered with: undefined where it is none of ours. */
type Answer = (name: string, args: readonly unknown[]) => { readonly value: unknown } | undefined;

const { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND, O_DIRECTORY = 0 } = fs.constants;
const WRITES = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;

/** Methods that get a place to read from instead of the path. */
const READS = ['readFile', 'open', 'copyFile'];
/** Methods that are answered from the index, without fetching. */
const LOOKS = ['stat', 'lstat', 'access', 'realpath', 'readlink', 'readdir'];

// ---- which calls are ours ----

function findFile(name: string, [file, second]: readonly unknown[]): File | null {
  if (!isReading(name, second)) return null;
  const below = rest.below(file);
  const found = below === null ? null : rest.find(below);
  return found?.kind === 'file' ? found : null;
}

function isReading(name: string, second: unknown): boolean {
  if (name.startsWith('copyFile')) return true;
  const isFlag = name.startsWith('open');
  const flag = isFlag ? second : (second as { flag?: unknown } | null | undefined)?.flag;
  if (typeof flag === 'number') return (flag & (WRITES | O_DIRECTORY)) === 0;
  return typeof flag !== 'string' || flag === 'r' || flag === 'rs' || flag === 'sr';
}

/** The error that a file that is not there gives, with a hint; one for a file that is there but empty. */
function missing(name: string, file: unknown, found: File, reason: unknown): Error {
  const syscall = name.startsWith('copy') ? 'copyfile' : 'open';
  const [code, errno, text] = found.emptied
    ? ['EIO', -5, 'i/o error']
    : ['ENOENT', -2, 'no such file or directory'];
  const message = `${code}: ${text}, ${syscall} '${file}'\n${store.hint(found.path, reason)}`;
  return Object.assign(new Error(message), { errno, code, syscall, path: String(file) });
}

// ---- the three forms of each method ----

function wrapSync(methods: Methods, name: string, answer: Answer): void {
  wrap(
    methods,
    name,
    original =>
      function (this: unknown, ...args) {
        const answered = answer(name, args);
        return answered ? answered.value : original.apply(this, args);
      },
  );
}

function wrapCallback(methods: Methods, name: string, answer: Answer): void {
  wrap(
    methods,
    name,
    original =>
      function (this: unknown, ...args) {
        const callback = args.at(-1);
        if (typeof callback !== 'function') return original.apply(this, args);
        let answered: ReturnType<Answer>;
        try {
          answered = answer(name, args.slice(0, -1));
        } catch (error) {
          process.nextTick(callback as () => void, error);
          return;
        }
        if (!answered) return original.apply(this, args);
        process.nextTick(callback as () => void, null, answered.value);
      },
  );
}

function wrapPromise(methods: Methods, name: string, answer: Answer): void {
  wrap(
    methods,
    name,
    original =>
      async function (this: unknown, ...args) {
        const answered = answer(name, args);
        return answered ? answered.value : original.apply(this, args);
      },
  );
}

/** Reading goes on at the place of the file; so a path is all that changes. */
function wrapReading(
  methods: Methods,
  name: string,
  fails: (args: readonly unknown[], error: Error) => unknown,
): void {
  wrap(
    methods,
    name,
    original =>
      function (this: unknown, ...args) {
        const found = findFile(name, args);
        if (!found) return original.apply(this, args);
        let place: string;
        try {
          place = store.place(found);
        } catch (error) {
          return fails(args, missing(name, args[0], found, error));
        }
        return original.apply(this, [place, ...args.slice(1)]);
      },
  );
}

function wrap(methods: Methods, name: string, make: (original: Method) => Method): void {
  const original = methods[name];
  if (typeof original !== 'function') return;
  const made = make(original);
  // Some have properties: `realpath.native`, and how `promisify` treats them.
  Object.defineProperties(made, Object.getOwnPropertyDescriptors(original));
  methods[name] = made;
}

const throwIt = (_: readonly unknown[], error: Error): never => {
  throw error;
};
const reject = (_: readonly unknown[], error: Error): Promise<never> => Promise.reject(error);
const callBack = (args: readonly unknown[], error: Error): void => {
  process.nextTick(args.at(-1) as () => void, error);
};

// ---- what only looks ----

/** Answers what the artifact alone would answer wrongly. */
const answerLook: Answer = (name, args) => {
  const base = name.replace(/Sync$/, '');
  const below = rest.below(args[0]);
  if (below === null) return undefined;
  if (base === 'readdir') return listing.answer(below, args[0], args[1]);
  if (base === 'readlink') {
    const target = rest.findLink(below);
    return target === null ? undefined : { value: target };
  }
  if (base === 'lstat' && rest.findLink(below) !== null) return { value: look.linkStats(below, args[1]) };
  const found = rest.find(below, base !== 'lstat');
  if (!found || (found.kind === 'folder' && look.isThere(below))) return undefined;
  if (base === 'realpath') return { value: path.join(rest.root, found.path) };
  if (base === 'access') return look.mayAccess(found, args[1]) ? { value: undefined } : undefined;
  return { value: look.statsOf(found, args[1]) };
};

function install(): void {
  const sync = fs as unknown as Methods;
  const promises = fs.promises as unknown as Methods;
  for (const name of READS) {
    wrapReading(sync, `${name}Sync`, throwIt);
    wrapReading(sync, name, callBack);
    wrapReading(promises, name, reject);
  }
  wrapReading(sync, 'openAsBlob', reject);
  for (const name of LOOKS) {
    wrapSync(sync, `${name}Sync`, answerLook);
    wrapCallback(sync, name, answerLook);
    wrapPromise(promises, name, answerLook);
  }
  for (const name of ['realpath', 'realpathSync']) {
    const method = sync[name] as unknown as Methods;
    const wrapNative = name === 'realpath' ? wrapCallback : wrapSync;
    wrapNative(method, 'native', (_, args) => answerLook(name, args));
  }
  const exists: Answer = (_, args) => (answerLook('access', [args[0]]) ? { value: true } : undefined);
  wrapSync(sync, 'existsSync', exists);
  wrap(
    sync,
    'exists',
    original =>
      function (this: unknown, ...args) {
        if (!exists('exists', args) || typeof args[1] !== 'function') return original.apply(this, args);
        process.nextTick(args[1] as () => void, true);
      },
  );
  modules.syncBuiltinESMExports();
}

export = { install };
