import { join } from 'node:path';
import type { AttachedLayer, DeployedFunction, LambdaApi } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import { readLayerDescription } from '../layers/describe-layer.ts';
import type { Context } from '../types.ts';
import { fetchTo } from '../util/fetch-to.ts';
import { readZipDirectory } from '../zip/read-zip.ts';
import type { AccountState, DeployedSizes } from './types.ts';

/** What a zip of unknown content may become: deflate makes native libraries about a third. */
const GUESSED_RATIO = 4;

/**
 * Fetches the deployed code, so that it can be put back, and measures what is deployed, bytes unzipped. Where only the zipped size
 * is known, as of layers that are not ours, it is a guess that is rather too high.
 */
export async function measureDeployed(
  fn: DeployedFunction,
  known: AccountState['layers'],
  lambda: LambdaApi,
  { workDir, signal }: Pick<Context, 'workDir' | 'signal'>,
): Promise<DeployedSizes> {
  const { layers, codeBytes } = fn.configuration;
  const path = join(workDir, 'deployed.zip');
  const codePath = fn.codeUrl !== null && (await fetchTo(fn.codeUrl, path, signal)) ? path : null;
  const code = codePath === null ? null : await measureZip(codePath);
  const sizes = layers.map(async layer => [layer.arn, await measureLayer(layer, known, lambda)] as const);
  return {
    code: code ?? codeBytes * GUESSED_RATIO,
    layers: new Map(await Promise.all(sizes)),
    codePath: code === null ? null : codePath,
  };
}

async function measureLayer(
  { arn, codeBytes }: AttachedLayer,
  known: AccountState['layers'],
  lambda: LambdaApi,
): Promise<number> {
  const listed = [...known.values()].flat().find(version => version.arn === arn);
  const version = listed ?? (await orUnknown(lambda.readLayerVersion(arn)));
  return readLayerDescription(version?.description ?? '')?.unzippedBytes ?? codeBytes * GUESSED_RATIO;
}

/** One of others may be used without being read. */
async function orUnknown<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof SlimError && error.code === 'AWS_DENIED') return null;
    throw error;
  }
}

/** Null where it did not arrive whole. */
async function measureZip(path: string): Promise<number | null> {
  try {
    const { entries } = await readZipDirectory(path);
    return entries.reduce((sum, { bytes }) => sum + bytes, 0);
  } catch (error) {
    if (error instanceof SlimError && error.code === 'NOT_A_ZIP') return null;
    throw error;
  }
}
