import type { Argv } from 'yargs';
import { judgeCheck, judgeOutput } from '../../report/ci/judged.ts';
import type { CheckReport } from '../../report/reporter.ts';
import { withTempDir } from '../../util/fs.ts';
import { appendSummary } from '../append-summary.ts';
import { type CheckArgs, checkOptions } from '../check-options.ts';
import { chooseSubjects, readAccount } from '../check-subjects.ts';
import type { Command } from '../command.ts';
import { toExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { weighChecks } from '../weigh-checks.ts';

const EPILOGUE = `Without --runtime and --arch the manifest beside the zip says what it is for, if build wrote one; the template of an output folder and AWS say it as well.
Exit codes: 0 fine; 1 a finding of level error; 2 not a zip, or it could not run.`;

/** `check`: limits, shape and native libraries of a zip, a folder, an output folder or a deployed function, whoever made it. */
export const checkCommand: Command<CheckArgs> = {
  usage: 'check [artifact]',
  describe: 'Judge what any tool made, or what is deployed: limits, handler, secrets, linkage',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        describe: 'Zip or folder; or .aws-sam/build, cdk.out, .serverless; else the zip that build wrote',
      })
      .options(checkOptions)
      .conflicts('json', 'format')
      .example('$0 check function.zip --runtime python3.12', 'limits, and whether its libraries load there')
      .example('$0 check build/ --layer deps.zip --arch arm64', 'a folder with a layer')
      .example('$0 check cdk.out', 'each function that the template names')
      .example(
        '$0 check --function-name api:live --account',
        'what is deployed, and the limits of the account',
      )
      .example('$0 check --baseline lambda-slim-baseline.json', 'what grew, by package')
      .epilogue(EPILOGUE),
  run: (args, session) => withTempDir(workDir => runCheck(args, session, workDir)),
};

async function runCheck(args: CheckArgs, session: Session, workDir: string): Promise<number> {
  const { io, reporter } = session;
  const { checkSubject } = await import('../../check/check-subject.ts');
  const signal = io.signal ?? new AbortController().signal;
  const chosen = await chooseSubjects(args, io, signal, workDir);
  const account = await readAccount(args, io, signal);
  const subjects = chosen.kind === 'one' ? [chosen.subject] : chosen.output.subjects;
  const checked: CheckReport[] = [];
  for (const subject of subjects) checked.push(await checkSubject(subject, { account, signal }));
  const functions = await weighChecks(checked, args, session);
  if (chosen.kind === 'one') {
    io.stdout.write(functions.map(report => reporter.check(report)).join(''));
    await appendSummary(functions.map(judgeCheck), session);
    return toExitCode(functions);
  }
  const { tool, findings } = chosen.output;
  const output = { path: chosen.path, tool, functions, findings };
  io.stdout.write(reporter.checks(output));
  await appendSummary(judgeOutput(output), session);
  return toExitCode([...functions, { findings }]);
}
