import type { ServerResponse } from 'node:http';
import type { FunctionError } from '../lambda/types.ts';
import { Malformed } from './check-answer.ts';
import { type Head, PRELUDE_TYPE, parsePrelude, splitPrelude } from './prelude.ts';

/** Passes a stream on to a client as it comes. */
export interface StreamReply {
  readonly onStart: (contentType: string) => void;
  readonly onChunk: (chunk: Uint8Array) => void;
  /** Ends the reply, uncleanly where the stream broke off. */
  finish(error: FunctionError | null): StreamEnd;
}

/** Whether anything was sent, and why it is not all that the client hoped for; null where it is. */
export interface StreamEnd {
  readonly wasSent: boolean;
  readonly why: string | null;
}

/** Opens a reply that begins with the first bytes after the prelude, or at once where there is none. */
export function openStreamReply(res: ServerResponse, sendHead: (head: Head) => void): StreamReply {
  let pending: Uint8Array = Buffer.alloc(0);
  let state: 'prelude' | 'body' | 'refused' = 'prelude';
  let reason = 'the stream ended before its prelude did';
  const begin = (head: Head): void => {
    state = 'body';
    sendHead(head);
    res.flushHeaders();
  };
  const readPrelude = (chunk: Uint8Array): void => {
    pending = Buffer.concat([pending, chunk]);
    const split = splitPrelude(pending);
    if (!split) return;
    try {
      begin(parsePrelude(split.prelude));
      res.write(split.rest);
    } catch (thrown) {
      if (!(thrown instanceof Malformed)) throw thrown;
      state = 'refused';
      reason = thrown.message;
    }
  };
  return {
    onStart(contentType) {
      if (contentType.split(';')[0]?.trim() === PRELUDE_TYPE) return;
      begin({ status: 200, headers: [['content-type', contentType || 'application/octet-stream']] });
    },
    onChunk(chunk) {
      if (state === 'body') res.write(chunk);
      else if (state === 'prelude') readPrelude(chunk);
    },
    finish(error) {
      const why = error && `${error.errorType}: ${error.errorMessage}`;
      if (state !== 'body') return { wasSent: false, why: why ?? reason };
      if (error) res.destroy();
      else res.end();
      return { wasSent: true, why };
    },
  };
}
