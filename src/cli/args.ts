import yargs, { type Argv } from 'yargs';
import type { Chosen } from './command.ts';
import { commands } from './commands/index.ts';
import { explainUsage } from './explain-usage.ts';

/** What a command line asks for: a text to print (help, version), or a command. */
export type Parsed =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly run: Chosen };

const NAMES = [
  ...['build', 'plan', 'why', 'check', 'analyze', 'report', 'sbom', 'verify', 'invoke', 'serve'],
  ...['publish', 'sync', 'bench', 'init', 'preset', 'container'],
];

/** Names that a second one follows, with those. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  preset: ['record', 'check'],
  container: ['shell'],
};

/** The command that a command line means, found without the parser: `build`, `preset record`; empty when there is none. */
export function nameCommand(argv: readonly string[]): string {
  const words = argv.filter(arg => !arg.startsWith('-'));
  const at = words.findIndex(word => NAMES.includes(word));
  return words.slice(at, GROUPS[words[at] ?? ''] ? at + 2 : at + 1).join(' ');
}

const EPILOGUE = `Exit codes: 0 done; 1 a finding of level error; 2 it could not run.
Each command has its own --help, with examples.`;

/** Parses a command line; throws `USAGE`. Nothing is run, nothing printed, and no default is known here. */
export function parseArgs(argv: readonly string[], version: string, columns: number): Parsed {
  let chosen: Chosen | null = null;
  let text = '';
  const parser = commands.reduce(
    (parent: Argv, register) =>
      register(parent, command => {
        chosen = command;
      }),
    makeParser(version, columns, (reason, help) =>
      explainUsage(reason, argv, { commands: NAMES, groups: GROUPS, flags: listFlags(help) }),
    ),
  );
  parser.parse([...argv], {}, (_error, _args, output) => {
    text = output;
  });
  return toParsed(chosen, text);
}

/** A function of its own, because the assignments above happen in callbacks that the compiler does not follow. */
function toParsed(chosen: Chosen | null, text: string): Parsed {
  if (chosen) return { kind: 'command', run: chosen };
  return { kind: 'text', text: `${text}\n` };
}

/** The options that a help text has; the parser does not tell those of a command in another way. */
function listFlags(help: string): readonly string[] {
  return [...help.matchAll(/^ +(--[\w-]+)/gm)].map(([, flag]) => flag as string);
}

function makeParser(
  version: string,
  columns: number,
  explain: (reason: string, help: string) => Error,
): Argv {
  return (
    yargs()
      .scriptName('lambda-slim')
      .usage('$0 <command>\n\nMakes the smallest artifact of an AWS Lambda function that still works.')
      .exitProcess(false)
      // The language of the host must not change what is printed.
      .detectLocale(false)
      .locale('en')
      .parserConfiguration({ 'dot-notation': false })
      .strict()
      .demandCommand(1, 'Name a command')
      .fail((message, error, failed) => {
        let help = '';
        failed.showHelp(text => {
          help = text;
        });
        throw explain(message ?? error.message, help);
      })
      .version(version)
      .help()
      .wrap(columns)
      .epilogue(EPILOGUE)
  );
}
