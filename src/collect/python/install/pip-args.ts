import type { Platform } from '../../../types.ts';
import { platformTags, pythonTag } from './target-tags.ts';

/** What tells pip to take wheels of the target only. */
export function targetArgs(platform: Platform): readonly string[] {
  return [
    '--only-binary=:all:',
    ...['--implementation', 'cp', '--python-version', platform.runtime.version, '--abi', pythonTag(platform)],
    ...platformTags(platform).flatMap(tag => ['--platform', tag]),
  ];
}
