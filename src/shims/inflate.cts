// The large libraries of this function travel compressed. This file, which lambda-slim put here, inflates them into /tmp
// on the first use in a sandbox and lets Node.js load the native addons from there. index.json beside it names them.
// LAMBDA_SLIM_DEBUG=1 tells how long it took. Threads and processes that the function starts load this file as well.
import crypto = require('node:crypto');
import fs = require('node:fs');
import os = require('node:os');
import path = require('node:path');
import threads = require('node:worker_threads');
import follow = require('./follow.cts');
import chunks = require('./inflate-chunks.cts');

interface Library {
  readonly path: string;
  readonly mode: string;
  readonly bytes: number;
  readonly blob: string;
  readonly chunks: readonly Omit<Parameters<typeof chunks.inflateAll>[0][number], 'blob' | 'file'>[];
}

interface Link {
  readonly path: string;
  readonly target: string;
}

interface Index {
  readonly id: string;
  readonly bytes: number;
  readonly files: readonly Library[];
  readonly links: readonly Link[];
  /** Links of the mirror to itself. */
  readonly aliases?: readonly Link[];
  readonly addons: readonly string[];
}

type Dlopen = (module: object, file: string, ...flags: number[]) => void;

/** No inflating takes that long; what is older was left by a process that was killed. */
const STALE_MS = 10 * 60 * 1000;

// ---- the mirror: what /tmp/lambda-slim/<id> holds stands for the root of the artifact ----

/** Gives the folder where everything lies inflated, and makes it where it is not there yet. */
function openMirror(root: string, index: Index): string {
  const started = performance.now();
  const all = path.join(os.tmpdir(), 'lambda-slim');
  const mirror = path.join(
    all,
    isOf(path.join(all, index.id), root, index) ? index.id : `${index.id}-${hash(root)}`,
  );
  if (fs.existsSync(mirror)) return mirror;
  fs.mkdirSync(all, { recursive: true });
  removeStale(all);
  const partial = `${path.join(all, index.id)}.${process.pid}.${crypto.randomBytes(6).toString('hex')}.partial`;
  try {
    fs.mkdirSync(partial);
    checkSpace(all, index.bytes);
    fill(partial, root, index);
    moveInPlace(partial, mirror);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? tooSmall(all, index.bytes, error) : error;
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
  if (process.env.LAMBDA_SLIM_DEBUG === '1') {
    const ms = Math.round(performance.now() - started);
    process.stderr.write(`lambda-slim: inflated ${toMB(index.bytes)} MB into ${mirror} in ${ms} ms\n`);
  }
  return mirror;
}

/** False where the mirror was made for the same libraries of another copy of the artifact: its links lead there. */
function isOf(mirror: string, root: string, { links: [link] }: Index): boolean {
  if (!link || !fs.existsSync(mirror)) return true;
  return fs.readlinkSync(path.join(mirror, link.path)) === path.join(root, link.target);
}

function hash(text: string): string {
  return crypto.createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function fill(partial: string, root: string, index: Index): void {
  const tasks = index.files.flatMap(({ path: name, mode, bytes, blob, chunks: parts }) => {
    const file = path.join(partial, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '', { flag: 'wx' });
    fs.truncateSync(file, bytes);
    fs.chmodSync(file, Number.parseInt(mode, 8));
    return parts.map(chunk => ({ ...chunk, blob: path.join(__dirname, blob), file }));
  });
  for (const { path: name, target } of index.links) link(path.join(root, target), path.join(partial, name));
  for (const { path: name, target } of index.aliases ?? [])
    link(path.relative(path.dirname(name), target), path.join(partial, name));
  chunks.inflateAll(tasks);
}

function link(target: string, place: string): void {
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.symlinkSync(target, place);
}

/** Renames, unless another process was faster. */
function moveInPlace(partial: string, mirror: string): void {
  try {
    fs.renameSync(partial, mirror);
  } catch (error) {
    if (!fs.existsSync(mirror)) throw error;
  }
}

/** Removes what killed processes left. */
function removeStale(all: string): void {
  for (const name of fs.readdirSync(all)) {
    const [, pid] = /\.(\d+)\.[0-9a-f]+\.partial$/.exec(name) ?? [];
    const file = path.join(all, name);
    try {
      if (pid && (!isOthers(Number(pid)) || Date.now() - fs.statSync(file).mtimeMs > STALE_MS))
        fs.rmSync(file, { recursive: true, force: true });
    } catch {
      // Another process removes it too.
    }
  }
}

/** True for a process that is still there; one with our own number, in a new sandbox, is not. */
function isOthers(pid: number): boolean {
  if (pid === process.pid) return !threads.isMainThread;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return !/^State:\s*[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

function checkSpace(all: string, bytes: number): void {
  const { bavail, bsize } = fs.statfsSync(all);
  if (bavail * bsize < bytes) throw tooSmall(all, bytes);
}

function tooSmall(all: string, bytes: number, cause?: unknown): Error {
  const free = fs.statfsSync(all);
  return new Error(
    `lambda-slim: the libraries of this function take ${toMB(bytes)} MB of ${path.dirname(all)}, where ${toMB(free.bavail * free.bsize)} MB are free. Raise the function's ephemeral storage (EphemeralStorage), or use less of /tmp before.`,
    cause === undefined ? undefined : { cause },
  );
}

function toMB(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

// ---- process.dlopen ----

/** The root of the artifact; a link to this folder does not count. */
const root = path.dirname(fs.realpathSync(__dirname));
const index: Index = JSON.parse(fs.readFileSync(path.join(__dirname, 'index.json'), 'utf8'));

/** Loads the addons of this artifact from the mirror; leaves all other calls as they are. */
function install(): void {
  const mark = Symbol.for(`lambda-slim ${__dirname}`);
  const marks = process as unknown as Record<symbol, boolean>;
  if (marks[mark]) return;
  marks[mark] = true;
  follow.follow(__filename);
  const addons = new Map(index.addons.map(addon => [realPath(path.join(root, addon)), addon]));
  const dlopen = process.dlopen as Dlopen;
  process.dlopen = ((module, file, ...flags) => {
    const addon = addons.get(realPath(file));
    return dlopen.call(
      process,
      module,
      addon === undefined ? file : path.join(openMirror(root, index), addon),
      ...flags,
    );
  }) satisfies Dlopen as typeof process.dlopen;
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/** Inflates everything now, for a function that does not want to wait for its first addon. Gives the folder. */
function prepare(): string {
  return openMirror(root, index);
}

install();

export = { prepare };
