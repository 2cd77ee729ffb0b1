import { isDeepStrictEqual } from 'node:util';
import type { DeployedConfiguration } from '../aws/types.ts';

/** Whether two looks at `$LATEST` show the same of what people set; AWS counts its revisions also where nothing of it changes. */
export function isSameLatest(
  a: DeployedConfiguration | null | undefined,
  b: DeployedConfiguration | null | undefined,
): boolean {
  return isDeepStrictEqual(factsOf(a), factsOf(b));
}

function factsOf(configuration: DeployedConfiguration | null | undefined) {
  if (!configuration) return null;
  const { revisionId: _revision, failure: _failure, ...facts } = configuration;
  return facts;
}
