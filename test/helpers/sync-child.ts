import * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { openFolderSource } from '../../src/bundle/folder-source.ts';
import { inflate } from '../../src/bundle/inflate.ts';
import { nativeInflate } from '../../src/bundle/inflate-native.ts';
import { syncBundle } from '../../src/bundle/sync/sync-bundle.ts';
import type { BundleSource, Inflate } from '../../src/bundle/types.ts';

/** What a process that syncs is told: one line of JSON on stdin, when it is to begin. */
export interface ChildTask {
  readonly bundle: string;
  readonly store: string;
  readonly leaseMs: number;
  readonly waitMs: number;
  /** Before each chunk. */
  readonly pauseMs: number;
  /** Chunks are not compressed, so that a process begins faster. */
  readonly plain: boolean;
  readonly keep?: number;
  /** It kills itself at this call of the file system, counted from 1. */
  readonly killAt?: number;
}

const plainInflate: Inflate = compressed => compressed;

function slow(source: BundleSource, pauseMs: number): BundleSource {
  return {
    ...source,
    async *openChunk(chunk, signal) {
      await delay(pauseMs);
      yield* source.openChunk(chunk, signal);
    },
  };
}

/** What changes something, or looks whether it is there. */
const CALLS = ['rename', 'link', 'symlink', 'mkdir', 'unlink', 'open', 'utimes', 'rm', 'chmod'] as const;
const HANDLE_CALLS = ['write', 'sync', 'chmod', 'writeFile', 'close'] as const;

/** Counts calls, and kills the process at the one that is asked for: before it at even numbers of calls, after it at odd ones. */
async function countCalls(killAt: number): Promise<() => number> {
  let calls = 0;
  const wrap = (owner: Record<string, (...args: never[]) => unknown>, name: string): void => {
    const original = owner[name] as (...args: never[]) => unknown;
    owner[name] = async function (this: unknown, ...args: never[]) {
      calls++;
      const isIt = calls === killAt;
      if (isIt && killAt % 2 === 0) process.kill(process.pid, 'SIGKILL');
      const result = await original.apply(this, args);
      if (isIt) process.kill(process.pid, 'SIGKILL');
      return result;
    };
  };
  const handle = await fs.promises.open(process.execPath);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of CALLS) wrap(fs.promises as never, name);
  for (const name of HANDLE_CALLS) wrap(prototype, name);
  syncBuiltinESMExports();
  return () => calls;
}

/** The most memory it ever had, in bytes; what `getrusage` says begins with that of the parent. */
async function readPeak(): Promise<number | null> {
  const status = await fs.promises.readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

async function main(): Promise<void> {
  process.stdout.write('ready\n');
  let text = '';
  for await (const part of process.stdin) {
    text += part;
    if (text.includes('\n')) break;
  }
  const task: ChildTask = JSON.parse(text);
  const calls = task.killAt === undefined ? () => 0 : await countCalls(task.killAt);
  try {
    const result = await syncBundle(slow(openFolderSource(task.bundle), task.pauseMs), task.store, {
      ...{ leaseMs: task.leaseMs, waitMs: task.waitMs, inflate: task.plain ? plainInflate : inflate },
      ...(nativeInflate || task.plain ? {} : { parallel: 1 }),
      ...(task.keep === undefined ? {} : { keep: task.keep }),
    });
    const rss = await readPeak();
    process.stdout.write(`${JSON.stringify({ ...result, calls: calls(), rss })}\n`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    process.stdout.write(`${JSON.stringify({ code, message: String(error) })}\n`);
    process.exitCode = 2;
  }
  process.stdin.destroy();
}

await main();
