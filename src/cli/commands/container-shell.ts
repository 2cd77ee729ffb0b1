import { Readable } from 'node:stream';
import type { Argv, InferredOptionTypes } from 'yargs';
import { loadConfig } from '../../config/load-config.ts';
import { SlimError } from '../../errors.ts';
import { printable } from '../../report/printable.ts';
import type { Command } from '../command.ts';
import { withContext } from '../context.ts';
import {
  buildOptions,
  commonOptions,
  configOptions,
  containerOptions,
  entryPositional,
  platformOptions,
} from '../options.ts';

const { cache, debug } = commonOptions;
const options = {
  ...{ ...configOptions, ...platformOptions, ...containerOptions },
  ...{ 'allow-scripts': buildOptions['allow-scripts'], cache, debug },
} as const;
type Args = InferredOptionTypes<typeof options> & { entry: string | undefined };

/** `container shell`: the container of a build, for a look around. */
export const containerShellCommand: Command<Args> = {
  usage: 'shell [entry]',
  describe: 'Open a shell where build --container installs',
  configure: (parser: Argv) =>
    parser
      .positional('entry', entryPositional)
      .options(options)
      .example('$0 container shell', 'the image, packages, sources, variables and caches of a build')
      .example('echo "python3 -m pip debug" | $0 container shell --function api', 'without a terminal')
      .epilogue(
        'The sources are in /lambda-slim/in (read-only); the shell begins in /lambda-slim/work.\nExit code: that of the shell; 2 where it could not be opened.',
      ),
  async run(args, session) {
    const { io } = session;
    const { functions } = await loadConfig(io.cwd, args, io.env);
    const [fn, other] = functions;
    if (!fn || other) {
      const names = functions.map(({ name }) => name).join(', ');
      throw new SlimError('USAGE', [
        `A shell is for one function; choose it with --function: ${names}`,
        'lambda-slim container shell',
        null,
      ]);
    }
    const terminal = {
      stdin: io.stdin ?? Readable.from([]),
      onOut: (line: string) => void io.stdout.write(`${line}\n`),
      onError: (line: string) => void io.stderr.write(`${printable(line)}\n`),
    };
    const { openContainerShell } = await import('../../container-shell.ts');
    return withContext(session, args, context => openContainerShell(fn, terminal, context));
  },
};
