import type { Finding } from '../findings.ts';
import type { StageSize, Tree } from '../types.ts';

/** What collect hands on: the tree, and what was there before anything went. */
export interface Collected {
  readonly tree: Tree;
  /** Lambda's `Handler` setting. */
  readonly handler: string;
  /** The unslimmed function: its production packages, its sources and its data. */
  readonly installed: StageSize;
  readonly findings: readonly Finding[];
  /** Services of AWS that the code names to boto3; null where it names none, or computes a name. */
  readonly awsServices?: readonly string[] | null;
  /** Absolute paths of the files that decided all this, and of folders, with a `/` behind, in which another may come up. */
  readonly inputs: readonly string[];
}
