import type { Argv, InferredOptionTypes } from 'yargs';
import type { Command } from '../command.ts';
import { toExitCode } from '../exit-code.ts';
import { meansModel } from '../means-model.ts';
import { buildOptions, commonOptions, entryPositional, outOptions } from '../options.ts';
import { planFunctions } from '../plan-functions.ts';
import { sagemakerBuildOptions } from '../sagemaker-options.ts';

const options = {
  files: { type: 'boolean', describe: 'List every path that would be removed' },
  ...buildOptions,
  ...sagemakerBuildOptions,
  ...outOptions,
  ...commonOptions,
} as const;
type PlanArgs = InferredOptionTypes<typeof options> & { entry: string | undefined };

const EPILOGUE = `Nothing is written outside the cache. --out is understood and ignored, so that the options of build fit.
Exit codes: 0 planned; 1 planned, with a finding of level error; 2 it could not run.`;

/** `plan`: everything of a build but the writing. */
export const planCommand: Command<PlanArgs> = {
  usage: 'plan [entry]',
  describe: 'Show what a build would remove, by rule, with bytes',
  configure: (parser: Argv) =>
    parser
      .positional('entry', entryPositional)
      .options(options)
      .example('$0 plan src/handler.ts', 'what would go, and why')
      .example('$0 plan --files --level bold', 'each path, with the bolder rules')
      .epilogue(EPILOGUE),
  async run(args, session) {
    if (await meansModel(args.entry, args, session.io))
      return (await import('../plan-model.ts')).planModels(args, session);
    const results = await planFunctions(args, session, 'plan');
    session.io.stdout.write(session.reporter.plans(results, { files: args.files === true }));
    return toExitCode(results);
  },
};
