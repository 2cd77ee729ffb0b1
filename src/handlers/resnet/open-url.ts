import type { OpenUrl } from './download.ts';
import type { Env } from './model-source.ts';
import { fetchS3Object } from './s3.ts';

/** Milliseconds for one file; Lambda's own timeout is mostly shorter. */
const TIMEOUT_MS = 120_000;

/** Makes the function that opens `s3:` and `https:` addresses of the operator's choice. */
export function createOpenUrl(env: Env): OpenUrl {
  return async url => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response =
      url.protocol === 's3:' ? await fetchS3Object(url, env, signal) : await fetch(url, { signal });
    if (response.ok && response.body) return response.body;
    throw new Error(`${url.href} answers with status ${response.status}${await reasonOf(response)}.`);
  };
}

/** S3 says why in XML, such as AccessDenied or NoSuchKey. */
async function reasonOf(response: Response): Promise<string> {
  const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1];
  return code ? ` (${code})` : '';
}
