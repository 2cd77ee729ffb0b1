import { resolve } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { resolvePlatform } from '../../config/resolve-platform.ts';
import { type ManifestFacts, readManifestFacts } from '../../lambda/read-manifest-facts.ts';
import { limits } from '../../platform/limits.ts';
import type { Platform } from '../../types.ts';
import { chooseArtifact } from '../choose-artifact.ts';
import type { Command } from '../command.ts';
import { toExitCode } from '../exit-code.ts';
import {
  commonOptions,
  configOptions,
  outOptions,
  platformOptions,
  repeated,
  tmpOption,
} from '../options.ts';

const options = {
  layer: repeated('Zip or folder of a layer, in the order they are attached; repeatable'),
  tmp: tmpOption,
  ...platformOptions,
  ...configOptions,
  ...outOptions,
  ...commonOptions,
};
type CheckArgs = InferredOptionTypes<typeof options> & { artifact: string | undefined };

/** `check`: limits, shape and native libraries of a zip or folder that any tool made. */
export const checkCommand: Command<CheckArgs> = {
  usage: 'check [artifact]',
  describe: 'Check a zip or folder, whoever made it: limits, and whether it loads on Lambda',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        describe: 'Zip or unpacked folder of a function; else the zip that build wrote',
      })
      .options(options)
      .example('$0 check function.zip --runtime python3.12', 'limits, and whether its libraries load there')
      .example('$0 check build/ --layer deps.zip --arch arm64', 'a folder with a layer')
      .epilogue(
        'Without --runtime and --arch the manifest beside the zip says what it is for, if build wrote one.\n' +
          'Exit codes: 0 fine; 1 a finding of level error; 2 not a zip, or it could not run.',
      ),
  async run(args, { io, reporter }) {
    const { checkArtifact } = await import('../../check/check-artifact.ts');
    const { path } = await chooseArtifact(args.artifact, args, io, 'check');
    const isAsked = args.runtime !== undefined && args.arch !== undefined;
    const facts: ManifestFacts = isAsked ? {} : await readManifestFacts(path);
    const platform = choosePlatform(facts, args);
    const checked = await checkArtifact(path, {
      platform,
      layers: (args.layer ?? []).map(layer => resolve(io.cwd, layer)),
      tmpMiB: args.tmp ?? facts.tmpMiB ?? limits.tmpMinMiB,
      signal: io.signal ?? new AbortController().signal,
    });
    const words = { runtime: platform?.runtime.id ?? null, arch: platform?.arch ?? null };
    io.stdout.write(reporter.check({ ...words, ...checked }));
    return toExitCode([{ findings: checked.findings }]);
  },
};

/** What the artifact is for: as asked, else as its manifest says, else nothing in particular. */
function choosePlatform(facts: ManifestFacts, args: CheckArgs): Platform | null {
  const [runtime, arch] = [args.runtime ?? facts.runtime, args.arch ?? facts.arch];
  return runtime === undefined && arch === undefined ? null : resolvePlatform(runtime, arch);
}
