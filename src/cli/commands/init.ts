import { join } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { discoverFunctions } from '../../config/discover-functions.ts';
import { findConfigsIn } from '../../config/find-config.ts';
import { CONFIG_FORMATS, type ConfigFormat, formatConfig } from '../../config/format-config.ts';
import { SlimError } from '../../errors.ts';
import { writeAtomic } from '../../util/fs.ts';
import type { Command } from '../command.ts';
import { choice, commonOptions } from '../options.ts';
import { EXIT } from '../session.ts';

const options = {
  format: choice('Kind of config [default: ts, json without TypeScript]', CONFIG_FORMATS),
  force: { type: 'boolean', describe: 'Replace a config that is there' },
  ...commonOptions,
} as const;
type InitArgs = InferredOptionTypes<typeof options>;

/** `init`: writes a config from what it finds. */
export const initCommand: Command<InitArgs> = {
  usage: 'init',
  describe: 'Write a commented config from what the project shows',
  configure: (parser: Argv) =>
    parser
      .options(options)
      .example('$0 init', 'writes lambda-slim.config.ts')
      .example('$0 init --format json', 'writes lambda-slim.config.json')
      .epilogue('Exit codes: 0 written; 2 nothing found, or a config is already there.'),
  async run(args, { io, reporter }) {
    const discovery = await discoverFunctions(io.cwd);
    const [first] = discovery.functions;
    if (!first) throw new SlimError('NOTHING_FOUND', [io.cwd]);
    const format: ConfigFormat = args.format ?? (discovery.isTypeScript ? 'ts' : 'json');
    const name = `lambda-slim.config.${format === 'js' ? 'mjs' : format}`;
    await refuseOverwrite(io.cwd, name, args.force === true);
    await writeAtomic(join(io.cwd, name), file => file.writeFile(formatConfig(discovery, format)));
    const { runtime, arch, found } = discovery;
    io.stdout.write(
      reporter.init({
        written: name,
        functions: discovery.functions,
        runtime,
        arch,
        found,
        next: 'lambda-slim build',
      }),
    );
    return EXIT.ok;
  },
};

/** A config of another name would stand beside the new one and make both useless, so --force does not help there. */
async function refuseOverwrite(dir: string, name: string, force: boolean): Promise<void> {
  const blocking = (await findConfigsIn(dir)).filter(existing => !(force && existing === name));
  if (blocking[0]) throw new SlimError('CONFIG_EXISTS', [join(dir, blocking[0])]);
}
