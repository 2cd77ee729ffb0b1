import type { Finding } from '../findings.ts';
import { formatPlural } from './bytes.ts';
import type { Wording } from './wording.ts';

/** What is to be said of a glob of own files that sends nothing to the file system. */
export function wordEfsFiles({
  pattern,
  stays,
  count,
}: Extract<Finding, { readonly code: 'EFS_FILES_NOTHING' }>): Wording {
  const glob = `The glob ${JSON.stringify(pattern)} of "publish.efs.files"`;
  if (count === 0)
    return {
      message: `${glob} matched no file, so what it stands for does not go to the file system.`,
      hint: 'Mend it; it is over paths in the artifact, with "/", and names only what is in there: "include" adds files.',
    };
  const more = count > stays.length ? ` and ${formatPlural(count - stays.length, 'more file')}` : '';
  return {
    message: `${glob} matched only what stays beside the handler: ${stays.join(', ')}${more}.`,
    hint: 'Take it out; own code is looked for beside the handler, so only data goes to the file system.',
  };
}
