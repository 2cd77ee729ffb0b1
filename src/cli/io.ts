import type { Readable } from 'node:stream';

/** A stream the CLI writes to; `process.stdout` and `process.stderr` fit. */
export interface Out {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** All that the CLI knows of the process it runs in. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The result, and nothing else. */
  readonly stdout: Out;
  /** Progress and errors. */
  readonly stderr: Out;
  /** Aborted when the user wants to stop. */
  readonly signal?: AbortSignal;
  /** What a shell in a container reads. */
  readonly stdin?: Readable & { readonly isTTY?: boolean };
  /** Asks a person; not there where nobody sits before it. */
  readonly confirm?: (question: string) => Promise<boolean>;
}
