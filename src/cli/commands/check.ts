import { resolve } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { resolvePlatform } from '../../config/resolve-platform.ts';
import type { Command } from '../command.ts';
import { toExitCode } from '../exit-code.ts';
import { findBuilt } from '../find-built.ts';
import { commonOptions, configOptions, outOptions, platformOptions } from '../options.ts';

const options = { ...platformOptions, ...configOptions, ...outOptions, ...commonOptions };
type CheckArgs = InferredOptionTypes<typeof options> & { zip: string | undefined };

/** `check`: the limits and the shape of a zip that any tool made. */
export const checkCommand: Command<CheckArgs> = {
  usage: 'check [zip]',
  describe: 'Check a zip, whoever made it, against the limits of Lambda',
  configure: (parser: Argv) =>
    parser
      .positional('zip', { type: 'string', describe: 'Zip of a function; else the one that build wrote' })
      .options(options)
      .example('$0 check function.zip', 'limits, and entries that Lambda would not unpack')
      .example('$0 check function.zip --runtime nodejs20.x', "also the runtime's dates")
      .epilogue('Exit codes: 0 fine; 1 a finding of level error; 2 not a zip, or it could not run.'),
  async run(args, { io, reporter }) {
    const { checkZip } = await import('../../check/check-zip.ts');
    const zip = args.zip === undefined ? await findBuilt(args, io, 'check') : resolve(io.cwd, args.zip);
    const isAsked = args.runtime !== undefined || args.arch !== undefined;
    const platform = isAsked ? resolvePlatform(args.runtime, args.arch) : null;
    const { artifact, findings } = await checkZip(zip, platform);
    const words = { runtime: platform?.runtime.id ?? null, arch: platform?.arch ?? null };
    io.stdout.write(reporter.check({ ...words, artifact, findings }));
    return toExitCode([{ findings }]);
  },
};
