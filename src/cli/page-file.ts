import { dirname, extname, join, resolve } from 'node:path';
import { SlimError } from '../errors.ts';
import { checkWritable } from '../util/fs.ts';

/** Refuses to write a page over what is none, such as a source file that stands behind the flag. Throws `USAGE`. */
export function refuseNoPage(file: string, flag: '--out' | '--report'): void {
  if (['.html', '.htm'].includes(extname(file).toLowerCase())) return;
  const command = flag === '--out' ? 'lambda-slim report' : 'lambda-slim build';
  throw new SlimError('USAGE', [`${flag} needs a file that ends in .html, not ${file}`, command, null]);
}

/** A model archive is no artifact of Lambda. Throws `USAGE`. */
export function refusePageOfModel(report: string | undefined): void {
  if (report === undefined) return;
  const reason = '--report shows what Lambda runs, and a model archive is not that';
  throw new SlimError('USAGE', [reason, 'lambda-slim build', null]);
}

/** Where `build --report` writes its page, found before the build; null where none is asked for. Throws `OUTPUT_UNWRITABLE`. */
export async function choosePage(
  report: string | undefined,
  firstArtifact: string | undefined,
  cwd: string,
): Promise<string | null> {
  if (report === undefined || firstArtifact === undefined) return null;
  const path = report === '' ? join(dirname(firstArtifact), 'report.html') : resolve(cwd, report);
  await checkWritable(path);
  return path;
}
