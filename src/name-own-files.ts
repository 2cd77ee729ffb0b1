import { join, relative } from 'node:path';
import { chooseBase } from './collect/python/own/choose-base.ts';
import type { Finding } from './findings.ts';
import type { ResolvedFunction } from './types.ts';
import { exists } from './util/fs.ts';
import { toPosix } from './util/path.ts';

/**
 * Names own files that are to be included from the function's root, as the config does. In Python the folder of the code, such as
 * `src`, may be the root of the artifact, and findings name files by their place in that.
 */
export async function nameOwnFiles<F extends Finding>(
  findings: readonly F[],
  { root, entry, platform }: Pick<ResolvedFunction, 'root' | 'entry' | 'platform'>,
): Promise<readonly F[]> {
  if (platform.runtime.language !== 'python') return findings;
  const base = await chooseBase(root, entry);
  const folder = toPosix(relative(root, base));
  if (folder === '') return findings;
  const name = async (glob: string): Promise<string> =>
    (await exists(join(base, glob.split('/')[0] ?? ''))) ? `${folder}/${glob}` : glob;
  return Promise.all(
    findings.map(async finding => {
      const mend = finding.code === 'VERIFY_BLAME' ? finding.mend : null;
      if (mend?.setting !== 'include' || !('add' in mend)) return finding;
      return { ...finding, mend: { ...mend, add: await Promise.all(mend.add.map(name)) } };
    }),
  );
}
