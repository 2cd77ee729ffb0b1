import { join, resolve } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { resolvePlatform } from '../../config/resolve-platform.ts';
import { SlimError } from '../../errors.ts';
import type { Command } from '../command.ts';
import { commonOptions } from '../options.ts';
import { EXIT } from '../session.ts';

type CheckArgs = InferredOptionTypes<typeof commonOptions> & { preset: string; source: string | undefined };

/** `preset check`: tries a preset on a package or a listing. */
export const presetCheckCommand: Command<CheckArgs> = {
  usage: 'check <preset> [source]',
  describe: 'Try a preset: what each rule takes, for both CPUs',
  configure: (parser: Argv) =>
    parser
      .positional('preset', { type: 'string', demandOption: true, describe: 'Preset, a JSON file' })
      .positional('source', {
        type: 'string',
        describe: 'Package folder or listing; else the package in node_modules',
      })
      .options(commonOptions)
      .example('$0 preset check presets/npm/sharp.json', 'tries it on node_modules/sharp')
      .example('$0 preset check my.json sharp.tree.txt', 'tries it on a recorded listing')
      .epilogue('Exit codes: 0 every rule takes something; 1 a warning; 2 it could not run.'),
  async run(args, { io, reporter }) {
    const { checkPreset } = await import('../../presets/check.ts');
    const preset = resolve(io.cwd, args.preset);
    const source =
      args.source === undefined ? await findInstalled(preset, io.cwd) : resolve(io.cwd, args.source);
    const report = await checkPreset(preset, source, resolvePlatform(undefined, undefined));
    io.stdout.write(reporter.preset(report));
    return report.warnings.length > 0 ? EXIT.finding : EXIT.ok;
  },
};

/** The package that the preset is for, where the current folder has it installed. */
async function findInstalled(presetPath: string, cwd: string): Promise<string> {
  const { loadUserPreset } = await import('../../presets/load.ts');
  const { package: names } = await loadUserPreset(presetPath);
  const [name, ...others] = typeof names === 'string' ? [names] : names;
  if (name && others.length === 0 && !name.includes('*')) return join(cwd, 'node_modules', name);
  throw new SlimError('USAGE', [
    'This preset is for several packages, so name the folder or listing to try it on',
    'lambda-slim preset check',
    null,
  ]);
}
