import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DeployedFunction, LambdaApi } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import { readLayerDescription } from '../layers/describe-layer.ts';
import type { Context } from '../types.ts';
import { readZipDirectory } from '../zip/read-zip.ts';
import type { DeployedSizes } from './types.ts';

/** What a zip of unknown content may become: deflate makes native libraries about a third. */
const GUESSED_RATIO = 4;

/**
 * Fetches the deployed code, so that it can be put back, and sums up what is deployed, bytes unzipped. Of layers that are not ours
 * only the zipped size is known, so theirs is a guess that is rather too high.
 */
export async function measureDeployed(
  fn: DeployedFunction,
  lambda: LambdaApi,
  { workDir, signal }: Pick<Context, 'workDir' | 'signal'>,
): Promise<DeployedSizes> {
  const { layers, codeBytes } = fn.configuration;
  const path = join(workDir, 'deployed.zip');
  const codePath = fn.codeUrl !== null && (await fetchTo(fn.codeUrl, path, signal)) ? path : null;
  const sizes = layers.map(async layer => {
    const version = await lambda.readLayerVersion(layer.arn);
    const known = readLayerDescription(version?.description ?? '');
    return known?.unzippedBytes ?? layer.codeBytes * GUESSED_RATIO;
  });
  const code = codePath === null ? codeBytes * GUESSED_RATIO : await measureZip(codePath);
  return { code, layers: (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0), codePath };
}

async function measureZip(path: string): Promise<number> {
  const { entries } = await readZipDirectory(path);
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** False where it cannot be had. The URL is a secret, so nothing of it is told. */
async function fetchTo(url: string, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) return false;
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path), { signal });
    return true;
  } catch {
    if (signal.aborted) throw new SlimError('CANCELLED', []);
    return false;
  }
}
