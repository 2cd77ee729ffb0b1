import type { Finding } from '../findings.ts';
import type { Growth } from '../inventory/types.ts';
import type { Isolation, InvocationReport as RunReport } from '../lambda/types.ts';
import type { BuildResult, ZipFacts } from '../types.ts';
import type { Explanation } from './explain.ts';

export type Answer = Extract<Explanation, { readonly kind: 'kept' | 'removed' }>;

/** What `why` found out, by function. */
export interface NamedAnswer {
  readonly function: string;
  readonly answer: Answer;
}

/** A zip, or a folder, which has no digests and no zipped size; sizes in bytes. */
export type CheckedArtifact = { readonly [K in keyof ZipFacts]: ZipFacts[K] | null } & Pick<
  ZipFacts,
  'path' | 'unzippedBytes' | 'files'
>;

/** What `check` found out about a zip or a folder; sizes in bytes. */
export interface CheckReport {
  /** Of the function, where what was checked says it. */
  readonly name: string | null;
  readonly handler: string | null;
  /** Null where it was checked for no runtime in particular. */
  readonly runtime: string | null;
  readonly arch: string | null;
  readonly artifact: CheckedArtifact;
  readonly layers: readonly CheckedArtifact[];
  readonly natives: number;
  /** Of a request that brings the zip, about; null for a folder. */
  readonly requestBytes: number | null;
  /** Of the variables as compact JSON; null where nobody says them. */
  readonly environmentBytes: number | null;
  readonly findings: readonly Finding[];
  /** What changed since a baseline; not there, or null, without one. */
  readonly growth?: Growth | null;
}

/** What `check` found out about all functions of an output folder; `findings` are about those whose code is not here. */
export interface CheckedOutput {
  readonly path: string;
  readonly tool: string;
  readonly functions: readonly CheckReport[];
  readonly findings: readonly Finding[];
}

/** What `init` found and wrote. */
export interface InitReport {
  readonly written: string;
  readonly functions: readonly { readonly entry: string; readonly handler: string | null }[];
  readonly runtime: string;
  readonly arch: string;
  /** In words: what was found, and where. */
  readonly found: readonly string[];
  readonly next: string;
}

/** What `preset record` wrote. */
export interface RecordReport {
  readonly folder: string;
  readonly listing: string;
  readonly files: number;
  readonly bytes: number;
}

/** What one rule of a preset takes from a package, for one CPU. */
export interface PresetReport {
  readonly preset: string;
  readonly source: string;
  readonly version: string | null;
  readonly archs: readonly {
    readonly arch: string;
    readonly rules: readonly { readonly id: string; readonly files: number; readonly bytes: number }[];
    readonly keptFiles: number;
    readonly keptBytes: number;
    readonly sparedFiles: number;
  }[];
  readonly warnings: readonly string[];
}

/** An answer that was streamed, or is no JSON; `body` is base64 where it is no text. */
export interface RawAnswer {
  readonly contentType: string;
  /** Status, headers and cookies of an HTTP answer; null where it had none. */
  readonly prelude: unknown;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** What a handler answered, or how it failed; after one or more invocations, of which this is the last. */
export interface InvocationReport {
  /** Path of the zip or folder. */
  readonly zip: string;
  /** Null when it failed, streamed, or is no JSON. */
  readonly answer: unknown;
  /** As the runtime words it. */
  readonly error: Readonly<Record<string, unknown>> | null;
  readonly raw: RawAnswer | null;
  /** Of each run: times in ms, memory in bytes. */
  readonly runs: readonly RunReport[];
  readonly isolation: Isolation;
}

/** Turns results into what stdout gets; one reporter for people, one for programs. */
export interface Reporter {
  builds(results: readonly BuildResult[]): string;
  plans(results: readonly BuildResult[], options: { readonly files: boolean }): string;
  answers(answers: readonly NamedAnswer[]): string;
  check(report: CheckReport): string;
  checks(output: CheckedOutput): string;
  init(report: InitReport): string;
  invocation(report: InvocationReport): string;
  record(report: RecordReport): string;
  preset(report: PresetReport): string;
  /** Errors go to stderr in words; a program also gets them as its document. */
  error(error: unknown): string;
}
