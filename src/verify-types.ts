import type { Isolation } from './lambda/types.ts';

/** How a function is verified; every default filled in. */
export interface VerifyOptions {
  /** Whether `build` verifies what it built. */
  readonly enabled: boolean;
  /** Absolute globs of JSON files with events; `<name>.answer.json` beside an event holds a recorded answer. */
  readonly events: readonly string[];
  /** Numbers may differ by this much, relative to the larger one, and absolutely below 1; whole numbers may not. */
  readonly tolerance: number;
  /** Names of HTTP headers that have to be equal, in lower case. */
  readonly headers: readonly string[];
  /** Places of an answer that may differ, such as `body.requestId` or `items.*.time`. */
  readonly ignore: readonly string[];
}

/** One event; `name` is its file's without `.json`. */
export interface NamedEvent {
  readonly name: string;
  readonly path: string;
  /** JSON text. */
  readonly text: string;
  /** A recorded answer, JSON text of `RecordedAnswer`; null where there is none. */
  readonly answer: string | null;
}

/** Times in ms, medians over the events; memory in bytes, the largest. */
export interface RunFigures {
  readonly initMs: number | null;
  readonly coldMs: number | null;
  readonly warmMs: number | null;
  readonly maxMemoryBytes: number | null;
}

/** What verification compared; the differences are findings. */
export interface VerifyReport {
  readonly events: readonly string[];
  /** Native files that both loaded. */
  readonly natives: number;
  readonly same: boolean;
  readonly isolation: Isolation;
  /** Null where the artifact was compared with recorded answers. */
  readonly original: RunFigures | null;
  readonly slim: RunFigures;
  /** How often the function was started to find who is to blame. */
  readonly blameRuns: number;
  readonly ms: number;
}

/** What becomes of the files that level `exact` takes out. */
export interface RestOptions {
  /** Whether they are written into a second artifact, `<name>.rest.zip`. */
  readonly write: boolean;
  /** Whether the function fetches a missed file from there at run time. */
  readonly fallback: boolean;
}

/** What level `exact` took out, bytes. Each of the two saves are those of that way alone; `savedBytes` is what both let go. */
export interface ExactReport {
  readonly events: number;
  readonly bytesBefore: number;
  readonly savedByTraceBytes: number;
  readonly savedByRunBytes: number;
  readonly savedBytes: number;
  readonly removedFiles: number;
  /** Files that the run only looked at; they are there, and empty. */
  readonly emptiedFiles: number;
  /** The second artifact, where one was written. */
  readonly rest: {
    readonly path: string;
    readonly zippedBytes: number;
    readonly unzippedBytes: number;
  } | null;
}
