import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mapPool } from '../../../util/pool.ts';
import type { Reached } from './trace-python.ts';

/** The SDK itself passes on names that others give it. */
const SDK = /^(?:boto3|botocore|s3transfer)\//;
const USES_SDK = /\b(?:aio)?boto(?:3|core)\b/;
const CALL =
  /(?<![\w.]|def )(?:[\w.()[\]]+\.)?(?:client|resource|create_client)\(\s*(?:service_name\s*=\s*)?(?:["']([a-z0-9-]+)["']|([^\s)]))/g;

/** Files opened at a time. */
const OPEN_FILES = 32;

/**
 * The services of AWS that the files a handler reaches name to boto3, as `client("s3")`, sorted; null where none does, or where one
 * computes a name. For advice only: a name may come from elsewhere.
 */
export async function findAwsServices(
  reached: ReadonlyMap<string, Reached>,
): Promise<readonly string[] | null> {
  const files = [...reached].filter(([path]) => path.endsWith('.py') && !SDK.test(path));
  const lists = await mapPool(files, OPEN_FILES, async ([path, { place }]) => {
    const source = await readFile(join(place.dir, path), 'latin1');
    return USES_SDK.test(source) ? listCalls(source) : [];
  });
  const names = lists.flat();
  if (names.length === 0 || names.includes(null)) return null;
  return [...new Set(names.filter(name => name !== null))].sort();
}

/** The name in each call; null where it is no literal. */
function listCalls(source: string): readonly (string | null)[] {
  return [...source.matchAll(CALL)].map(([, name]) => name ?? null);
}
