import type { Finding } from '../findings.ts';
import { matchGlobs } from '../presets/match-glob.ts';
import type { Entry, NativeOptions } from '../types.ts';

/** Tells which patterns of the settings for native libraries match nothing, so that a slip of the pen is seen. */
export function findIdlePatterns(
  { stripExcept, compress }: NativeOptions,
  entries: readonly Entry[],
): readonly Finding[] {
  const settings = [
    ['native.stripExcept', stripExcept],
    ['native.compress.only', compress?.only ?? []],
    ['native.compress.except', compress?.except ?? []],
  ] as const;
  return settings.flatMap(([setting, patterns]) =>
    patterns
      .filter(pattern => {
        const match = matchGlobs([pattern]);
        return !entries.some(({ path }) => match(path));
      })
      .map(
        pattern => ({ code: 'NATIVE_PATTERN_MATCHED_NOTHING', level: 'warning', setting, pattern }) as const,
      ),
  );
}
