import { appendFile } from 'node:fs/promises';
import { SlimError } from '../errors.ts';
import type { Judged } from '../report/ci/judged.ts';
import { toMarkdown } from '../report/ci/markdown.ts';
import { errnoOf } from '../util/fs.ts';
import type { Session } from './session.ts';

/** Adds the result to the summary of a job of GitHub, for `--format github`; elsewhere nothing. Throws `OUTPUT_UNWRITABLE`. */
export async function appendSummary(judged: readonly Judged[], { io, format }: Session): Promise<void> {
  const path = io.env.GITHUB_STEP_SUMMARY;
  if (format !== 'github' || !path) return;
  await appendFile(path, `${toMarkdown(judged)}\n`).catch((error: unknown) => {
    throw new SlimError('OUTPUT_UNWRITABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
}
