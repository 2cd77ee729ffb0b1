// Fetches what was taken out of this function, each file once, into a folder of /tmp that stands for the root of the artifact.
// What is fetched is taken only if it has the digest that the artifact names. rest.cjs says what all this is for.
import fs = require('node:fs');
import os = require('node:os');
import path = require('node:path');
import threads = require('node:worker_threads');
import rest = require('./rest-index.cts');

type File = Extract<NonNullable<ReturnType<typeof rest.find>>, { kind: 'file' }>;

/** What the thread that fetches is told. */
interface Order {
  readonly from: string;
  readonly entry: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly to: string;
  /** Bounds for what is read besides, bytes: the directory of the zip, and the whole of it. */
  readonly maxDirectory: number;
  readonly maxBytes: number;
}

const LAYER = '/opt/lambda-slim-rest';
const FOLDER = 'lambda-slim-rest';
const DIGEST = 32;
const PATIENCE_MS = 120_000;

/** Taken before anybody wraps them. */
const { Worker } = threads;
const { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, statSync, symlinkSync } = fs;
const { chmodSync, existsSync, readdirSync, writeFileSync, writeSync } = fs;

let folder: string | undefined;

/** A copy of this artifact, somewhere else, has a mirror of its own. */
function mirror(): string {
  folder ??= path.join(
    os.tmpdir(),
    'lambda-slim',
    `rest-${rest.index.id.slice(0, 16)}-${hash(Buffer.from(rest.root)).slice(0, 8)}`,
  );
  return folder;
}

function hash(data: Uint8Array): string {
  // What nobody may need is loaded late.
  const crypto = require('node:crypto') as typeof import('node:crypto');
  return crypto.createHash('sha256').update(data).digest('hex');
}

let digests: Buffer | undefined;

function digestOf({ at }: File): string {
  digests ??= readFileSync(path.join(__dirname, 'rest.sha256'));
  return digests.toString('hex', at * DIGEST, (at + 1) * DIGEST);
}

/** Gives a place where the file lies whole, and fetches it where it is not there yet. The error says why it cannot. */
function place(file: File): string {
  const own = ownPlace(file);
  if (own !== null) return own;
  const target = path.join(mirror(), file.path);
  // Asked each time, since functions clear /tmp.
  if (statSync(target, { throwIfNoEntry: false })?.size !== file.bytes) fetch(file, target);
  return target;
}

/** Where somebody put the file back into the artifact. */
function ownPlace(file: File): string | null {
  const own = path.join(rest.root, file.path);
  return statSync(own, { throwIfNoEntry: false })?.size === file.bytes ? own : null;
}

function fetch(file: File, target: string): void {
  const started = performance.now();
  const partial = `${target}.${process.pid}.${threads.threadId}.${String(performance.now()).replace('.', '')}.partial`;
  let from: string;
  try {
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    from = bring(file, partial);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? tooSmall(file) : error;
  }
  tell({ path: file.path, bytes: file.bytes, from, ms: Math.round(performance.now() - started) });
}

/** In one call, past everything that may hold it back; the build after this one reads these lines. */
function tell(missed: object): void {
  try {
    writeSync(2, `LAMBDA_SLIM_MISSED ${JSON.stringify(missed)}\n`);
  } catch {
    // Nobody listens.
  }
}

function tooSmall(file: File): Error {
  const { bavail, bsize } = statfsSync(os.tmpdir());
  return new Error(
    `${os.tmpdir()} is full: it takes ${toMB(file.bytes)} MB, and ${toMB(bavail * bsize)} MB are free; raise the function's ephemeral storage (EphemeralStorage)`,
  );
}

function toMB(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

// ---- where it comes from ----

function bring(file: File, partial: string): string {
  if (file.bytes === 0) {
    writeFileSync(partial, '', { flag: 'wx', mode: modeOf(file) });
    return 'index';
  }
  const configured = process.env.LAMBDA_SLIM_REST ?? '';
  const reasons: string[] = [];
  for (const source of existsSync(LAYER) ? [LAYER, configured] : [configured]) {
    if (source === '') continue;
    try {
      if (source.startsWith('/')) return bringFromFolder(source, file, partial);
      return bringFromZip(source, file, partial);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
      reasons.push((error as Error).message);
    }
  }
  throw new Error(reasons.join('; ') || `there is no ${LAYER}, and LAMBDA_SLIM_REST is not set`);
}

function bringFromFolder(folder: string, file: File, partial: string): string {
  const source = [path.join(folder, file.path), path.join(folder, FOLDER, file.path)].find(candidate =>
    statSync(candidate, { throwIfNoEntry: false })?.isFile(),
  );
  if (source === undefined) throw new Error(`it is not in ${folder}`);
  if (statSync(source).size !== file.bytes) throw otherBuild(folder);
  const data = readFileSync(source);
  if (hash(data) !== digestOf(file)) throw otherBuild(folder);
  // Layers never change, so a link saves room.
  if (folder === LAYER) symlinkSync(source, partial);
  else writeFileSync(partial, data, { flag: 'wx', mode: 0o600 });
  if (folder !== LAYER) chmodSync(partial, modeOf(file));
  return folder === LAYER ? 'layer' : 'folder';
}

function otherBuild(where: string): Error {
  return new Error(`what is in ${where} is damaged, or belongs to another build`);
}

function modeOf({ executable }: File): number {
  return executable ? 0o755 : 0o644;
}

function bringFromZip(from: string, file: File, partial: string): string {
  const scheme = /^(s3|https):\/\//.exec(from)?.[1];
  if (scheme === undefined)
    throw new Error('LAMBDA_SLIM_REST is neither an absolute folder nor s3://bucket/key nor https://…');
  const { bytes } = file;
  const sha256 = digestOf(file);
  const maxDirectory = (rest.index.files + 1000) * 1024;
  const maxBytes = rest.index.bytes + 2 * maxDirectory;
  const entry = `${FOLDER}/${file.path}`;
  const failure = ask({ from, entry, bytes, sha256, to: partial, maxDirectory, maxBytes });
  if (failure) throw Object.assign(new Error(failure.message), { code: failure.code });
  chmodSync(partial, modeOf(file));
  return scheme;
}

// ---- the thread that fetches: this one has to wait, as `require` does not know how to come back later ----

interface Failure {
  readonly message: string;
  readonly code?: string;
}

let channel: { readonly port: threads.MessagePort; readonly state: Int32Array } | undefined;

function ask(order: Order): Failure | null {
  channel ??= startThread();
  const { port, state } = channel;
  const before = Atomics.load(state, 0);
  port.postMessage(order);
  const answer =
    Atomics.wait(state, 0, before, PATIENCE_MS) === 'timed-out'
      ? undefined
      : threads.receiveMessageOnPort(port);
  if (!answer) {
    channel = undefined;
    return { message: `no answer within ${PATIENCE_MS / 1000} s` };
  }
  return answer.message as Failure | null;
}

function startThread(): NonNullable<typeof channel> {
  const { port1, port2 } = new threads.MessageChannel();
  const state = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(path.join(__dirname, 'rest-fetch.cjs'), {
    workerData: { lambdaSlimRest: { port: port2, state } },
    transferList: [port2],
    execArgv: [],
  });
  worker.on('error', () => {});
  worker.unref();
  port1.unref();
  return { port: port1, state };
}

// ---- neighbours ----

/** Lets a library that was fetched find what lies beside it in the artifact. */
function linkNeighbours(file: File): void {
  if (ownPlace(file) !== null) return;
  const from = path.join(rest.root, path.dirname(file.path));
  const to = path.join(mirror(), path.dirname(file.path));
  for (const name of existsSync(from) ? readdirSync(from) : []) {
    const kept = rest.find(path.posix.join(path.dirname(file.path), name), false)?.kind !== 'file';
    if (!kept || lstatSync(path.join(to, name), { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(path.join(from, name), path.join(to, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** What to say of a file that is missing and could not be fetched. */
function hint(file: string, reason: unknown): string {
  const why = reason instanceof Error ? reason.message : String(reason);
  return `lambda-slim: ${file} was left out of this artifact and could not be fetched: ${why}. Attach the .rest.zip that was built with this artifact as a layer, or let LAMBDA_SLIM_REST name it; or build again with it in "keep".`;
}

export = { place, linkNeighbours, hint };
