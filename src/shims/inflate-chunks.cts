// The part of lambda-slim's shim that inflates chunks of libraries, on all cores; its threads run this very file.
// inflate.cjs beside it says what all this is for.
import fs = require('node:fs');
import os = require('node:os');
import threads = require('node:worker_threads');
import zlib = require('node:zlib');

/** One chunk of a library to inflate; sizes and places in bytes. */
interface Task {
  /** Where it comes from: a file, and the place in it. */
  readonly blob: string;
  readonly at: number;
  readonly compressedBytes: number;
  /** Where it goes: a file that is there, and the place in it. */
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly format: string;
  readonly filter: string | null;
}

/** What the threads share: for each task whether it is free, taken, done, or failed. */
interface Share {
  readonly tasks: readonly Task[];
  readonly states: Int32Array;
}

/** Taken before anybody wraps it: these threads load this file alone. */
const { Worker } = threads;

type Inflate = (data: Uint8Array, options: { maxOutputLength: number; chunkSize: number }) => Buffer;

const FREE = 0;
const TAKEN = 1;
const DONE = 2;
const FAILED = 3;
/** A thread that is silent for so long is not waited for: its chunk is inflated once more. */
const PATIENCE_MS = 5000;

// ---- one chunk ----

function inflateChunk(task: Task): void {
  const data = readAt(task.blob, task.at, task.compressedBytes);
  const bytes = inflate(data, task);
  if (task.filter === 'x86') undoX86(bytes, task.offset);
  if (task.filter === 'arm64') undoArm64(bytes, task.offset);
  if (zlib.crc32(bytes) !== task.crc32) throw damaged(task.blob);
  writeAt(task.file, task.offset, bytes);
}

function inflate(data: Buffer, { blob, format, bytes }: Task): Buffer {
  const decoders = zlib as unknown as Record<string, Inflate | undefined>;
  const decode = decoders[format === 'zstd' ? 'zstdDecompressSync' : 'brotliDecompressSync'];
  if (!decode)
    throw new Error(
      `lambda-slim: Node.js ${process.version} cannot inflate zstd, which 22.15, 23.8 and 24 can. Build for the runtime that the function runs on.`,
    );
  let inflated: Buffer;
  try {
    // One piece, so that nothing is joined.
    inflated = decode(data, { maxOutputLength: bytes, chunkSize: bytes + 64 });
  } catch (error) {
    throw damaged(blob, error);
  }
  if (inflated.length !== bytes) throw damaged(blob);
  return inflated;
}

// What these two undo is described in lambda-slim's src/codec/filter-x86.ts and filter-arm64.ts.
function undoX86(bytes: Uint8Array, offset: number): void {
  const end = bytes.length - 4;
  for (let at = 0; at < end; at++) {
    const opcode = bytes[at] as number;
    let operand: number;
    if ((opcode & 0xfe) === 0xe8) operand = at + 1;
    else if (
      (opcode & 0xfb) === 0x48 &&
      (bytes[at + 1] === 0x8d || bytes[at + 1] === 0x8b) &&
      ((bytes[at + 2] as number) & 0xc7) === 5
    )
      operand = at + 3;
    else continue;
    if (operand >= end || (((bytes[operand + 3] as number) + 4) & 0xff) >= 8) continue;
    const low =
      ((bytes[operand] as number) |
        ((bytes[operand + 1] as number) << 8) |
        ((bytes[operand + 2] as number) << 16)) -
      (offset + operand + 4);
    bytes[operand] = low;
    bytes[operand + 1] = low >> 8;
    bytes[operand + 2] = low >> 16;
  }
}

function undoArm64(bytes: Uint8Array, offset: number): void {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const word = words.getInt32(at, true);
    if (word >>> 26 === 0x25) {
      words.setInt32(at, 0x94000000 | ((word - ((offset + at) >>> 2)) & 0x03ffffff), true);
    } else if ((word & 0x9f000000) === (0x90000000 | 0)) {
      const pages = (((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc)) - ((offset + at) >>> 12);
      words.setInt32(at, (word & 0x9000001f) | ((pages & 3) << 29) | ((pages & 0x1ffffc) << 3), true);
    }
  }
}

function readAt(file: string, at: number, length: number): Buffer {
  const data = Buffer.allocUnsafe(length);
  const fd = fs.openSync(file, 'r');
  try {
    for (let done = 0; done < length; ) {
      const read = fs.readSync(fd, data, done, length - done, at + done);
      if (read === 0) throw damaged(file);
      done += read;
    }
    return data;
  } finally {
    fs.closeSync(fd);
  }
}

function writeAt(file: string, at: number, data: Buffer): void {
  const fd = fs.openSync(file, 'r+');
  try {
    for (let done = 0; done < data.length; )
      done += fs.writeSync(fd, data, done, data.length - done, at + done);
  } finally {
    fs.closeSync(fd);
  }
}

function damaged(blob: string, cause?: unknown): Error {
  const options = cause === undefined ? undefined : { cause };
  return new Error(`lambda-slim: ${blob} is damaged. Deploy the function again.`, options);
}

// ---- all chunks, on all cores ----

/** Inflates what is still free, and notes what came of it. */
function takeTasks({ tasks, states }: Share): void {
  tasks.forEach((task, index) => {
    if (Atomics.compareExchange(states, index, FREE, TAKEN) !== FREE) return;
    let outcome = DONE;
    try {
      inflateChunk(task);
    } catch {
      outcome = FAILED;
    }
    Atomics.store(states, index, outcome);
    Atomics.notify(states, index);
  });
}

/** Inflates all of it with the help of threads; `process.dlopen` has to wait, so this does. */
function inflateAll(tasks: readonly Task[]): void {
  const share = { tasks, states: new Int32Array(new SharedArrayBuffer(4 * tasks.length)) };
  // To start a thread costs about as much as half a chunk, so each has to find two.
  const cores = Math.min(os.availableParallelism(), Math.ceil(tasks.length / 2));
  for (let more = cores - 1; more > 0; more--) startThread(share);
  takeTasks(share);
  tasks.forEach((task, index) => {
    Atomics.wait(share.states, index, TAKEN, PATIENCE_MS);
    // What failed is done once more, here, where its error is heard.
    if (Atomics.load(share.states, index) !== DONE) inflateChunk(task);
  });
}

function startThread(share: Share): void {
  try {
    const worker = new Worker(__filename, {
      workerData: { lambdaSlim: share },
      execArgv: [],
      env: {},
    });
    worker.on('error', () => {});
    worker.unref();
  } catch {
    // Then this thread does it all.
  }
}

if (threads.workerData?.lambdaSlim) takeTasks(threads.workerData.lambdaSlim);

export = { inflateAll };
