import type { Argv, InferredOptionTypes } from 'yargs';
import { buildFunction } from '../../build-function.ts';
import { findOutFile } from '../../config/find-out-file.ts';
import { loadConfig } from '../../config/load-config.ts';
import { judgeBuild } from '../../report/ci/judged.ts';
import { appendSummary } from '../append-summary.ts';
import type { Command } from '../command.ts';
import { withContext } from '../context.ts';
import { toExitCode } from '../exit-code.ts';
import { pageOption } from '../html-options.ts';
import { meansModel, refuseMixture } from '../means-model.ts';
import { buildOptions, commonOptions, entryPositional, outOptions } from '../options.ts';
import { choosePage, refuseNoPage, refusePageOfModel } from '../page-file.ts';
import { partiesOfBuild, partyOptions } from '../parties-of-build.ts';
import { formatOption } from '../report-options.ts';
import { sagemakerBuildOptions } from '../sagemaker-options.ts';

const options = {
  ...buildOptions,
  ...sagemakerBuildOptions,
  ...outOptions,
  ...formatOption,
  ...partyOptions,
  ...pageOption,
  ...commonOptions,
};
type BuildArgs = InferredOptionTypes<typeof options> & { entry: string | undefined };

const EPILOGUE = `stdout gets the summary, stderr the progress.
Exit codes: 0 built; 1 built, with a finding of level error; 2 not built.`;

/** `build`: writes the artifacts. */
export const buildCommand: Command<BuildArgs> = {
  usage: 'build [entry]',
  describe: 'Build the smallest zip of a function that still works',
  configure: (parser: Argv) =>
    parser
      .positional('entry', entryPositional)
      .options(options)
      .conflicts('json', 'format')
      .example('$0 build src/handler.ts', 'build without a config')
      .example('$0 build', 'build every function of the config')
      .example('$0 build --function api --arch arm64', 'build one of them for Graviton')
      .example('$0 build --target efs', 'packages in a bundle for a file system')
      .example('$0 build --json > build.json', 'the result for programs')
      .epilogue(EPILOGUE),
  async run(args, session) {
    if (args.report) refuseNoPage(args.report, '--report');
    if (await meansModel(args.entry, args, session.io)) {
      refusePageOfModel(args.report);
      return (await import('../build-model.ts')).buildModels(args, session);
    }
    const config = await loadConfig(session.io.cwd, args, session.io.env);
    refuseMixture(config.functions, 'build');
    const [first] = config.functions;
    const page = await choosePage(args.report, first && findOutFile(config, first), session.io.cwd);
    const results = [];
    for (const fn of config.functions) {
      const build = withContext(session, args, context =>
        buildFunction(fn, findOutFile(config, fn), context),
      );
      results.push(await partiesOfBuild(await build, args, session));
    }
    if (page !== null) await (await import('../page-of-builds.ts')).writeBuildPage(page, results, session);
    session.io.stdout.write(session.reporter.builds(results));
    await appendSummary(results.map(judgeBuild), session);
    return toExitCode(results);
  },
};
