import type { Finding } from '../../findings.ts';
import type { SkippedLibrary, SkipReason } from './types.ts';

const REASONS: Readonly<Record<SkipReason, string>> = {
  unreached: 'no addon is linked with it or names it, so nothing would inflate it in time',
  unimported: 'it belongs to no package or module of Python, whose import would inflate it',
  'library-path': 'it is found by LD_LIBRARY_PATH or by an absolute path, which lead into the artifact',
  executable: 'it is a program, or one needs it, and programs are started by their path in the artifact',
  incompressible: 'it would not get smaller',
};

/** One finding for each reason why libraries that were chosen stay as they are. */
export function explainSkipped(skipped: readonly SkippedLibrary[]): readonly Finding[] {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  return reasons.map(reason => ({
    code: 'COMPRESS_SKIPPED',
    level: 'info',
    paths: skipped.filter(each => each.reason === reason).map(({ path }) => path),
    reason: REASONS[reason],
  }));
}
