import { installVariables } from './collect/install/install-variables.ts';
import { buildKey, recallBuild, rememberBuild } from './freshness/remembered-build.ts';
import type { BuildResult, Context, ResolvedFunction } from './types.ts';
import { readOwnManifest } from './util/own-manifest.ts';

/**
 * Builds a function into the zip `outFile`, with its manifest beside it. Where nothing changed since the artifact that
 * lies there was built, that one is the result, and the pipeline is not even loaded.
 */
export async function buildFunction(
  fn: ResolvedFunction,
  outFile: string,
  context: Context,
): Promise<BuildResult> {
  const startedMs = Date.now();
  const { cacheDir } = context;
  const { publish: _publish, ...settings } = fn;
  const variables = installVariables(fn, context.env);
  const key = buildKey([readOwnManifest().version, settings, variables, outFile]);
  const recalled = cacheDir === null ? null : await recallBuild(cacheDir, key);
  if (recalled) return recalled;
  const { runPipeline } = await import('./pipeline.ts');
  const built = await runPipeline(fn, outFile, context);
  // What was missing for it may be there the next time.
  const isSettled = !built.result.findings.some(
    finding =>
      finding.code === 'VERIFY_NOT_RUN' ||
      (finding.code === 'BYTECODE_LEFT_OUT' && finding.reason === 'python'),
  );
  if (cacheDir !== null && isSettled) await rememberBuild(cacheDir, key, { ...built, startedMs });
  return built.result;
}
