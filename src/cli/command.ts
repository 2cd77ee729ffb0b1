import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Session } from './session.ts';

/** One command: how it is called, what it understands, what it does. `run` gives the exit code. */
export interface Command<T> {
  /** With its positionals, as yargs wants it: `build [entry]`. */
  readonly usage: string;
  readonly describe: string;
  readonly configure: (parser: Argv) => Argv<T>;
  readonly run: (args: ArgumentsCamelCase<T>, session: Session) => Promise<number>;
}

/** A command that was chosen and has its arguments. */
export type Chosen = (session: Session) => Promise<number>;

/** Adds itself to a parser; tells `choose` when the command line asks for it. */
export type Register = (parser: Argv, choose: (chosen: Chosen) => void) => Argv;

/** Hides a command's argument type, so that commands of different arguments fit into one list. */
export function toRegister<T>(command: Command<T>): Register {
  return (parser, choose) =>
    parser.command(command.usage, command.describe, command.configure, args =>
      choose(session => command.run(args, session)),
    );
}
