import { type Register, toRegister } from '../command.ts';
import { containerShellCommand } from './container-shell.ts';

/** `container`: what has to do with the container of `build --container`. */
export const containerCommand: Register = (parser, choose) =>
  parser.command('container', 'Look around where build --container installs', inner =>
    toRegister(containerShellCommand)(inner, choose).demandCommand(1, 'Name what to do: container shell'),
  );
