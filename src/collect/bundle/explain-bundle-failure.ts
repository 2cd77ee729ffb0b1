import type { BuildFailure } from 'esbuild';
import { SlimError } from '../../errors.ts';

/** Turns esbuild's errors into ours: a missing module by name, anything else with the place in the code. */
export async function explainBundleFailure(failure: BuildFailure): Promise<SlimError> {
  const unresolved = failure.errors.find(error => /^Could not resolve "[^./]/.test(error.text));
  if (unresolved) {
    const name = /"([^"]+)"/.exec(unresolved.text)?.[1] ?? '';
    return new SlimError('DEPENDENCY_MISSING', [name, unresolved.location?.file ?? 'the handler'], {
      cause: failure,
    });
  }
  const { formatMessages } = await import('esbuild');
  const report = await formatMessages([...failure.errors], { kind: 'error', color: false });
  return new SlimError('BUNDLE_FAILED', [report.join('\n').trim()], { cause: failure });
}
