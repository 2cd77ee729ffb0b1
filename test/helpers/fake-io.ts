import { Readable } from 'node:stream';
import type { Io, Out } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FakeOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly stdin?: string;
  readonly terminal?: { readonly isTTY: boolean; readonly columns: number };
}

/** Runs the CLI in this process on streams that only remember. */
export async function runFake(argv: readonly string[], options: FakeOptions = {}): Promise<Ran> {
  const stdout = makeOut(options);
  const stderr = makeOut(options);
  const io: Io = {
    cwd: options.cwd ?? '/nowhere',
    env: options.env ?? {},
    stdout: stdout.out,
    stderr: stderr.out,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.stdin === undefined ? {} : { stdin: Readable.from([options.stdin]) }),
  };
  const code = await run(argv, io);
  return { code, stdout: stdout.read(), stderr: stderr.read() };
}

/** A stream that remembers what was written. */
export function makeOut({ terminal }: Pick<FakeOptions, 'terminal'> = {}): { out: Out; read: () => string } {
  let text = '';
  const out = {
    ...terminal,
    write: (part: string) => {
      text += part;
    },
  };
  return { out, read: () => text };
}
