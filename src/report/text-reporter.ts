import { formatCheck, formatOutput } from './format-check.ts';
import { formatExplanation } from './format-explanation.ts';
import { formatInit } from './format-init.ts';
import { formatPreset, formatRecord } from './format-preset.ts';
import { joinLines } from './layout.ts';
import type { InvocationReport, Reporter } from './reporter.ts';
import type { Style } from './style.ts';
import { formatBuild, formatPlan } from './text.ts';

/** Reports for people. */
export function makeTextReporter(style: Style): Reporter {
  return {
    builds: results => results.map(result => formatBuild(result, style)).join('\n'),
    plans: (results, options) => results.map(result => formatPlan(result, options, style)).join('\n'),
    answers: answers =>
      answers
        .map(({ function: name, answer }) => joinLines(formatExplanation(answer, name, style)))
        .join('\n'),
    check: report => formatCheck(report, style),
    checks: output => formatOutput(output, style),
    init: report => formatInit(report, style),
    invocation: formatInvocation,
    record: formatRecord,
    preset: report => formatPreset(report, style),
    error: () => '',
  };
}

/** A raw answer is printed as it is, its prelude left out. */
function formatInvocation({ answer, error, raw }: InvocationReport): string {
  if (!raw || error) return `${JSON.stringify(error ?? answer ?? null)}\n`;
  return raw.body.endsWith('\n') ? raw.body : `${raw.body}\n`;
}
