import type { Finding } from '../findings.ts';
import type { Arch } from '../types.ts';

/** A function whose code is here, as a zip or a folder; null is what nobody says. */
export interface CheckSubject {
  readonly name: string | null;
  readonly path: string;
  /** Zips or folders in the order in which they are attached. */
  readonly layers: readonly string[];
  /** As it is written, known or not. */
  readonly runtime: string | null;
  readonly arch: Arch | null;
  readonly handler: string | null;
  readonly tmpMiB: number | null;
  /** Of the variables as compact JSON; the least it can be where values are known only in AWS. */
  readonly environmentBytes: number | null;
  /** What finding it told. */
  readonly findings: readonly Finding[];
}

/** What a tool left for deploying. */
export interface CheckOutput {
  readonly tool: 'SAM' | 'CDK' | 'Serverless';
  readonly subjects: readonly CheckSubject[];
  /** About functions whose code is not here. */
  readonly findings: readonly Finding[];
}
