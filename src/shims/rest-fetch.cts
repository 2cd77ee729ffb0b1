// Fetches one file out of a zip on S3 or behind a URL: only the directory of the zip is read, and then that file. Runs as a
// thread, for which the one that asked waits. No URL and no credential is ever put into a message: they end in logs.
import crypto = require('node:crypto');
import fs = require('node:fs');
import https = require('node:https');
import os = require('node:os');
import path = require('node:path');
import threads = require('node:worker_threads');
import zips = require('./rest-zip.cts');

interface Order extends zips.Wanted {
  readonly from: string;
  /** Where it is written. */
  readonly to: string;
  readonly maxBytes: number;
}

/** A part of the whole, and where it lies in it; `total` is the size of the whole. */
interface Part {
  readonly data: Buffer;
  readonly start: number;
  readonly total: number;
}

/** An answer to a request for a range; `isWhole` is true where the range was not heeded. */
interface Answer {
  readonly body: AsyncIterable<Uint8Array>;
  readonly contentRange: string | undefined;
  readonly isWhole: boolean;
}

type Request = (range: string) => Promise<Answer>;

const TIMEOUT_MS = 30_000;
const ATTEMPTS = 3;
const MAX_REDIRECTS = 3;
/** The end of a zip with the longest comment there may be. */
const TAIL = 22 + 65_535;

const readers = new Map<string, Promise<zips.Zip>>();

async function fetchFile(order: Order): Promise<void> {
  const opening = readers.get(order.from) ?? zips.open(await openSource(order), order.maxDirectory);
  readers.set(order.from, opening);
  let data: Buffer;
  try {
    data = await zips.read(await opening, order);
  } catch (error) {
    readers.delete(order.from);
    throw error;
  }
  if (crypto.createHash('sha256').update(data).digest('hex') !== order.sha256)
    throw new Error('what was fetched is damaged, or belongs to another build');
  fs.writeFileSync(order.to, data, { flag: 'wx', mode: 0o600 });
}

async function openSource({ from, maxBytes }: Order): Promise<zips.Source> {
  const request = from.startsWith('s3:') ? requestS3(from) : requestUrl(new URL(from));
  const readPart = (range: string, limit: number): Promise<Part | zips.Source> =>
    retry(async () => {
      const answer = await request(range);
      return answer.isWhole ? keepWhole(answer, maxBytes) : toPart(answer, limit);
    });
  const first = await readPart(`bytes=-${TAIL}`, TAIL);
  if ('read' in first) return first;
  let source: zips.Source = {
    size: first.total,
    async read(start, end) {
      if (start >= first.start) return first.data.subarray(start - first.start, end - first.start);
      const part = await readPart(`bytes=${start}-${end - 1}`, end - start);
      if ('read' in part) source = part;
      else if (part.start === start && part.data.length === end - start) return part.data;
      else throw new Error('the answer is not the range that was asked for');
      return source.read(start, end);
    },
  };
  return { size: source.size, read: (start, end) => source.read(start, end) };
}

async function toPart({ body, contentRange = '' }: Answer, limit: number): Promise<Part> {
  const [, start, end, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange) ?? [];
  const data = await collect(body, limit);
  if (start === undefined || data.length !== Number(end) - Number(start) + 1)
    throw new Error('the answer was cut short');
  return { data, start: Number(start), total: Number(total) };
}

async function collect(body: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > limit) throw new Error('the answer is larger than it may be');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Keeps the whole in a file without a name, which goes with this process. */
async function keepWhole({ body }: Answer, limit: number): Promise<zips.Source> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lambda-slim-'));
  const fd = fs.openSync(path.join(folder, 'rest.zip'), 'wx+', 0o600);
  fs.rmSync(folder, { recursive: true });
  let size = 0;
  try {
    for await (const piece of body) {
      if (size + piece.length > limit) throw new Error('the answer is larger than it may be');
      for (let at = 0; at < piece.length; ) at += fs.writeSync(fd, piece, at, piece.length - at, size + at);
      size += piece.length;
    }
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
  const read = async (start: number, end: number): Promise<Buffer> => {
    const data = Buffer.alloc(end - start);
    return data.subarray(0, fs.readSync(fd, data, 0, data.length, start));
  };
  return { size, read };
}

/** An answer that does not come, or breaks off, may come the next time; a refusal stays one. */
async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const { refused, code } = error as { refused?: boolean; code?: string };
      if (attempt === ATTEMPTS || refused || code === 'ENOSPC') throw error;
      await new Promise(resolve => setTimeout(resolve, 100 * attempt));
    }
  }
}

function refusal(status: number, name = ''): Error {
  const text = `the answer is ${status}${name && ` ${name}`}`;
  const refused = status < 500 && status !== 429;
  return Object.assign(new Error(text), { refused });
}

// ---- https://… ----

function requestUrl(url: URL): Request {
  return async range => {
    let target = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await get(target, range);
      const { statusCode = 0, headers } = answer;
      if (statusCode === 200 || statusCode === 206)
        return { body: answer, contentRange: headers['content-range'], isWhole: statusCode === 200 };
      answer.destroy();
      if (![301, 302, 303, 307, 308].includes(statusCode) || !headers.location) throw refusal(statusCode);
      target = new URL(headers.location, target);
      if (target.protocol !== 'https:')
        throw Object.assign(new Error('it leads away from https'), { refused: true });
    }
    throw Object.assign(new Error('it leads on and on'), { refused: true });
  };
}

function get(url: URL, range: string): Promise<import('node:http').IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { range, 'accept-encoding': 'identity' };
    const request = https.get(url, { headers, timeout: TIMEOUT_MS }, resolve);
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    request.on('error', error => {
      const { code } = error as NodeJS.ErrnoException;
      reject(code ? new Error(`the connection failed (${code})`) : error);
    });
  });
}

// ---- s3://bucket/key, with the SDK that the runtime brings ----

interface Sdk {
  readonly S3Client: new (options: object) => { send(command: object): Promise<S3Answer> };
  readonly GetObjectCommand: new (input: object) => object;
}

interface S3Answer {
  readonly Body: AsyncIterable<Uint8Array>;
  readonly ContentRange?: string;
}

function requestS3(from: string): Request {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(from) ?? [];
  if (!bucket || !key) throw new Error('LAMBDA_SLIM_REST is not s3://bucket/key');
  const { S3Client, GetObjectCommand } = loadSdk();
  const client = new S3Client({ followRegionRedirects: true, maxAttempts: 1 });
  return async range => {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
      return { body: answer.Body, contentRange: answer.ContentRange, isWhole: !answer.ContentRange };
    } catch (error) {
      const { name, $metadata, code } = error as {
        name: string;
        code?: string;
        $metadata?: { httpStatusCode?: number };
      };
      if ($metadata?.httpStatusCode) throw refusal($metadata.httpStatusCode, name);
      throw new Error(`S3 did not answer (${code ?? name})`);
    }
  };
}

function loadSdk(): Sdk {
  const name = '@aws-sdk/client-s3';
  try {
    return require(require.resolve(name, { paths: ['/var/runtime'] })) as Sdk;
  } catch {
    try {
      return require(name) as Sdk;
    } catch {
      throw new Error(`the runtime has no ${name}; use a layer or an https URL instead`);
    }
  }
}

// ---- the thread ----

const link: { readonly port: threads.MessagePort; readonly state: Int32Array } | undefined =
  threads.workerData?.lambdaSlimRest;

link?.port.on('message', async (order: Order) => {
  const failure = await fetchFile(order).then(
    () => null,
    (error: NodeJS.ErrnoException) => ({ message: error.message, code: error.code }),
  );
  link.port.postMessage(failure);
  Atomics.add(link.state, 0, 1);
  Atomics.notify(link.state, 0);
});
