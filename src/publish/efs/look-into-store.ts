import type { LambdaApi } from '../../aws/types.ts';
import { SlimError } from '../../errors.ts';
import type { EfsSettings } from '../../publish-types.ts';

/** What lies in a store. */
export interface StoreLook {
  readonly releases: readonly unknown[];
  readonly current: unknown;
  /** False where the function may not write there. */
  readonly isWritable: boolean;
}

/** Asks the function that syncs. Throws `EFS_SYNC_FAILED`, and what AWS says of a mount that does not come. */
export async function lookIntoStore(lambda: LambdaApi, efs: EfsSettings): Promise<StoreLook> {
  const look = await askWorker(lambda, efs, { action: 'look', folder: efs.store });
  const { releases, current, isWritable } = (look ?? {}) as Partial<StoreLook>;
  return { releases: Array.isArray(releases) ? releases : [], current, isWritable: isWritable !== false };
}

/** One question to the function that syncs, which answers at once. */
export async function askWorker(
  lambda: LambdaApi,
  { syncFunction }: Pick<EfsSettings, 'syncFunction'>,
  question: object,
): Promise<unknown> {
  const { text, error } = await lambda.invoke(syncFunction, JSON.stringify(question));
  if (error) throw new SlimError('EFS_SYNC_FAILED', [syncFunction, error.errorMessage, '']);
  return JSON.parse(text || 'null') as unknown;
}
