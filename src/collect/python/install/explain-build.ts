import { SlimError } from '../../../errors.ts';
import { hideCredentials } from '../../../python/credentials.ts';
import type { Platform } from '../../../types.ts';
import { essence, explainFailure, readFailure } from './failure.ts';
import { nameTarget } from './target-tags.ts';

/** What setuptools-scm, and all that builds on it, says without a repository around. */
const NO_VERSION = /unable to detect version/;

/** The error for a requirement that could not be built from its source; `tool` is who said so. */
export function explainBuild(
  requirement: string,
  output: string,
  tool: string,
  platform: Platform,
): SlimError {
  const called = hideCredentials(requirement);
  if (NO_VERSION.test(output)) return new SlimError('VERSION_FROM_GIT', [called, essence(output)]);
  const failure = readFailure(output);
  const isFetch = ['hash', 'broken', 'unreached', 'missing'].includes(failure.kind);
  if (isFetch) return explainFailure(failure, output, tool, platform);
  return new SlimError('SOURCE_NOT_PURE', [called, nameTarget(platform), `\n${essence(output)}`]);
}
