import { toErrorContent } from './format-error.ts';
import { formatDocument, type Tool, toFindingContent, toResultContent } from './json.ts';
import type { Reporter } from './reporter.ts';

/** Reports for programs: one versioned document a run. */
export function makeJsonReporter(tool: Tool, command: string): Reporter {
  const document = (content: Readonly<Record<string, unknown>>): string =>
    formatDocument(tool, command, content);
  return {
    builds: results => document(toResultContent(results, { paths: false })),
    plans: (results, { files }) => document(toResultContent(results, { paths: files })),
    answers: answers =>
      document({ answers: answers.map(({ function: name, answer }) => ({ function: name, ...answer })) }),
    check: report => document({ ...report, findings: report.findings.map(toFindingContent) }),
    checks: ({ functions, findings, ...output }) =>
      document({
        ...output,
        functions: functions.map(each => ({ ...each, findings: each.findings.map(toFindingContent) })),
        findings: findings.map(toFindingContent),
      }),
    init: report => document({ ...report }),
    invocation: report => document({ ...report }),
    record: report => document({ ...report }),
    preset: report => document({ ...report }),
    error: error => document({ error: toErrorContent(error) }),
  };
}
