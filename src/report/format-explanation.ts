import { formatBytes } from './bytes.ts';
import type { ChainStep, Explanation } from './explain.ts';
import { wrapText } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

type Answer = Extract<Explanation, { readonly kind: 'kept' | 'removed' }>;

/** The answer of `why` for one path. */
export function formatExplanation(answer: Answer, functionName: string, style: Style): readonly string[] {
  const { colors } = style;
  const owner = answer.package ? `, of ${printable(answer.package)}` : '';
  const state = answer.kind === 'kept' ? colors.green('kept') : colors.yellow('removed');
  return [
    `${colors.bold(printable(answer.path))}  (${printable(functionName)})`,
    `  ${state}, ${formatBytes(answer.bytes)}${owner}`,
    ...(answer.kind === 'removed'
      ? formatRule(answer, style)
      : answer.notes.map(note => `  ${printable(note)}`)),
    ...(answer.chain.length > 0 ? ['', ...formatChain(answer, style)] : []),
  ];
}

type Removed = Extract<Answer, { readonly kind: 'removed' }>;

function formatRule(answer: Removed, style: Style): readonly string[] {
  return [
    `  by ${printable(answer.rule.id)}:`,
    ...wrapText(printable(answer.rule.why), style.columns, '    '),
    '',
    ...formatWayBack(answer),
  ];
}

function formatWayBack({ keep, setting, disable }: Removed): readonly string[] {
  const value = `[${printable(JSON.stringify(keep))}]`;
  if (setting !== 'keep') {
    return [
      '  to ship it as it is, put this into the config:',
      `    "native": { "compress": { "except": ${value} } }`,
    ];
  }
  return [
    '  to keep it, put one of these into the config:',
    `    "keep": ${value}`,
    ...(disable ? [`    "rules": { "disable": [${JSON.stringify(disable)}] }`] : []),
    `  or build with --keep ${quoteWord(printable(keep))}`,
  ];
}

function formatChain({ kind, chain }: Answer, { colors }: Style): readonly string[] {
  const title = kind === 'kept' ? 'because it is' : 'it belonged to';
  const lines = chain.map(({ path, because }, i) => formatStep(path, because, i, kind === 'kept'));
  return [colors.dim(`  ${title}`), ...lines.flat()];
}

function formatStep(
  path: ChainStep['path'],
  because: string,
  depth: number,
  isKept: boolean,
): readonly string[] {
  const indent = '  '.repeat(Math.min(depth, 10));
  const name = depth === 0 && isKept ? [] : [`    ${indent}${printable(path)}`];
  return [...name, `    ${indent}  ${printable(because)}`];
}

/** As a POSIX shell wants it, only where it must be. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
