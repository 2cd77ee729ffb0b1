import { toErrorContent } from '../format-error.ts';
import type { Reporter } from '../reporter.ts';
import type { Format } from './formats.ts';
import { annotate, toGithub } from './github.ts';
import { type Judged, judgeBuild, judgeCheck, judgeOutput } from './judged.ts';
import { toJunit } from './junit.ts';
import { toMarkdown, toMarkdownError } from './markdown.ts';
import { type SarifOptions, toSarif } from './sarif.ts';

type CiFormat = Exclude<Format, 'text' | 'json'>;

/** Reports for CI; what is neither a build nor a check is told as `others` tells it. */
export function makeCiReporter(format: CiFormat, others: Reporter, options: SarifOptions): Reporter {
  const tell = (judged: readonly Judged[]): string => tellJudged(format, judged, options);
  return {
    ...others,
    builds: results => tell(results.map(judgeBuild)),
    check: report => tell([judgeCheck(report)]),
    checks: output => tell(judgeOutput(output)),
    error: error => tellError(format, error),
  };
}

function tellJudged(format: CiFormat, judged: readonly Judged[], options: SarifOptions): string {
  switch (format) {
    case 'github':
      return toGithub(judged);
    case 'markdown':
      return toMarkdown(judged);
    case 'sarif':
      return toSarif(judged, options);
    case 'junit':
      return toJunit(judged);
    default:
      return format satisfies never;
  }
}

/** A document of nothing would say that all is well; stderr and the exit code tell the rest. */
function tellError(format: CiFormat, error: unknown): string {
  const { code, message, hint } = toErrorContent(error);
  if (format === 'github') return `${annotate('error', code, [message, hint].join('\n'))}\n`;
  return format === 'markdown' ? toMarkdownError(code, message, hint) : '';
}
