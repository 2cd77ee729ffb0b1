/*!
 * The build bundles this file with libdeflate.js (Evan Hahn) and libdeflate (Eric Biggers), under this licence:
 *
 * The MIT License
 *
 * Copyright 2026 Evan Hahn
 * libdeflate copyright 2016 Eric Biggers
 * libdeflate copyright 2024 Google LLC
 *
 * Permission is hereby granted, free of charge, to any person
 * obtaining a copy of this software and associated documentation files
 * (the "Software"), to deal in the Software without restriction,
 * including without limitation the rights to use, copy, modify, merge,
 * publish, distribute, sublicense, and/or sell copies of the Software,
 * and to permit persons to whom the Software is furnished to do so,
 * subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be
 * included in all copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
 * EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
 * MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
 * NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS
 * BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN
 * ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
 * CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
 * SOFTWARE.
 */
import { parentPort } from 'node:worker_threads';
import { deflate } from 'libdeflate';
import type { DeflateJob, DeflateReply } from './deflate-pool.ts';
import { openStream } from './open-stream.ts';

parentPort?.on('message', (job: DeflateJob) => {
  const reply = compress(job);
  parentPort?.postMessage(reply, 'failure' in reply ? [] : [reply.raw.buffer, reply.stream.buffer]);
});

function compress({ raw, level, isLast }: DeflateJob): DeflateReply {
  try {
    const stream = deflate(raw, level);
    return { raw, stream: isLast ? Uint8Array.from(stream) : openStream(stream) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
