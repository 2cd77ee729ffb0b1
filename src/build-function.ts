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
  const key = buildKey([readOwnManifest().version, settings, outFile]);
  const recalled = cacheDir === null ? null : await recallBuild(cacheDir, key);
  if (recalled) return recalled;
  const { runPipeline } = await import('./pipeline.ts');
  const built = await runPipeline(fn, outFile, context);
  // What kept it from being verified may be gone the next time.
  const isSettled = !built.result.findings.some(({ code }) => code === 'VERIFY_NOT_RUN');
  if (cacheDir !== null && isSettled) await rememberBuild(cacheDir, key, { ...built, startedMs });
  return built.result;
}
