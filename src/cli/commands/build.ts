import type { Argv, InferredOptionTypes } from 'yargs';
import { buildFunction } from '../../build-function.ts';
import { findOutFile } from '../../config/find-out-file.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Command } from '../command.ts';
import { withContext } from '../context.ts';
import { toExitCode } from '../exit-code.ts';
import { meansModel, refuseMixture } from '../means-model.ts';
import { buildOptions, commonOptions, entryPositional, outOptions } from '../options.ts';
import { sagemakerBuildOptions } from '../sagemaker-options.ts';

const options = { ...buildOptions, ...sagemakerBuildOptions, ...outOptions, ...commonOptions };
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
      .example('$0 build src/handler.ts', 'build without a config')
      .example('$0 build', 'build every function of the config')
      .example('$0 build --function api --arch arm64', 'build one of them for Graviton')
      .example('$0 build --target efs', 'packages in a bundle for a file system')
      .example('$0 build --json > build.json', 'the result for programs')
      .epilogue(EPILOGUE),
  async run(args, session) {
    if (await meansModel(args.entry, args, session.io))
      return (await import('../build-model.ts')).buildModels(args, session);
    const config = await loadConfig(session.io.cwd, args, session.io.env);
    refuseMixture(config.functions, 'build');
    const results = [];
    for (const fn of config.functions) {
      const build = withContext(session, args, context =>
        buildFunction(fn, findOutFile(config, fn), context),
      );
      results.push(await build);
    }
    session.io.stdout.write(session.reporter.builds(results));
    return toExitCode(results);
  },
};
