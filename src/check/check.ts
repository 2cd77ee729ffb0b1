import type { Finding } from '../findings.ts';
import type { Artifact, NativeSet, Platform, Tree } from '../types.ts';
import { checkLimits } from './check-limits.ts';
import { checkRuntime } from './check-runtime.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkTmp } from './check-tmp.ts';
import { checkLinkage } from './linkage/check-linkage.ts';

export interface CheckInput {
  readonly tree: Tree;
  /** Of what is in the zip; the rest of the tree lies on a file system. */
  readonly unzippedBytes: number;
  /** Null for a plan. */
  readonly artifact: Artifact | null;
  readonly platform: Platform;
  /** The native files as the dynamic linker will find them, compressed ones inflated. */
  readonly natives: NativeSet;
  /** What compressed libraries take of `/tmp`, bytes, and its size, MiB. */
  readonly tmp: { readonly bytes: number; readonly sizeMiB: number };
}

/** The check stage over what a build made, or over its plan. */
export function check(input: CheckInput, today: Date): readonly Finding[] {
  const { tree, unzippedBytes, artifact, platform, natives, tmp } = input;
  return [
    ...checkRuntime(platform.runtime, today),
    ...checkLimits({ unzippedBytes, zippedBytes: artifact?.zippedBytes ?? null }),
    ...checkTmp(tmp.bytes, tmp.sizeMiB),
    ...checkSecrets(tree.entries.map(entry => entry.path)),
    ...checkLinkage({ root: natives, layers: [], platform }),
  ];
}
