import { SlimError } from '../errors.ts';
import { wrapText } from './layout.ts';
import { printableLines } from './printable.ts';
import type { Style } from './style.ts';

export interface ErrorOptions {
  /** Also shows the stack of an error that is known. */
  readonly debug: boolean;
}

/** An error for people. A known one says what, why and what to do; one we did not foresee shows its stack. */
export function formatError(error: unknown, options: ErrorOptions, style: Style): string {
  const { colors } = style;
  if (!(error instanceof SlimError)) return formatCrash(error, style);
  const script = error.script === null ? [] : printableLines(error.script).split('\n');
  const lines = printableLines(error.message).split('\n');
  const [first = '', ...rest] = lines
    .slice(0, lines.length - script.length)
    .flatMap((line, i) => fit(i === 0 ? `error ${error.code}: ${line}` : line, style.columns));
  const hint = wrapText(printableLines(error.hint), style.columns, '  ').map(line => colors.dim(line));
  const stack = options.debug ? [describeStack(error)] : [];
  return [first.replace(/^error/, colors.red('error')), ...rest, ...script, ...hint, ...stack, ''].join('\n');
}

/** Breaks a long line and keeps its indentation. */
function fit(line: string, columns: number): readonly string[] {
  const text = line.trimStart();
  return line.length <= columns ? [line] : wrapText(text, columns, line.slice(0, line.length - text.length));
}

/** The content of the JSON document for an error. */
export function toErrorContent(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
} {
  if (error instanceof SlimError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message, hint: INTERNAL_HINT };
}

const INTERNAL_HINT = 'This is a bug in lambda-slim. Please report it with the stack on stderr.';

function formatCrash(error: unknown, style: Style): string {
  const hint = style.colors.dim(`  ${INTERNAL_HINT}`);
  return [`${style.colors.red('error')} INTERNAL: ${describeStack(error)}`, hint, ''].join('\n');
}

function describeStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${describeStack(error.cause)}`;
  return printableLines(`${error.stack ?? error.message}${cause}`);
}
