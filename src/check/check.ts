import type { Finding } from '../findings.ts';
import type { Artifact, Platform, Tree } from '../types.ts';
import { checkLimits } from './check-limits.ts';
import { checkRuntime } from './check-runtime.ts';
import { checkSecrets } from './check-secrets.ts';

/** The check stage over what a build made, or over its plan where `artifact` is null. */
export function check(
  tree: Tree,
  artifact: Artifact | null,
  platform: Platform,
  today: Date,
): readonly Finding[] {
  const unzippedBytes = tree.entries.reduce(
    (sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0),
    0,
  );
  return [
    ...checkRuntime(platform.runtime, today),
    ...checkLimits({ unzippedBytes, zippedBytes: artifact?.zippedBytes ?? null }),
    ...checkSecrets(tree.entries.map(entry => entry.path)),
  ];
}
