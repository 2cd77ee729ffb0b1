import type { Removal } from '../types.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import { groupRemovals, type RemovalGroup } from './group-removals.ts';
import { formatTable, wrapText } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

export interface RemovalOptions {
  readonly title: string;
  /** How many rules at most. */
  readonly most: number;
  /** Whether each path is listed. */
  readonly paths: boolean;
}

/** Removals by rule, the largest first, each with bytes, files and its reason. */
export function formatRemovals(
  removals: readonly Removal[],
  options: RemovalOptions,
  style: Style,
): readonly string[] {
  const groups = groupRemovals(removals);
  const title = style.colors.bold(options.title);
  if (groups.length === 0) return ['', title, '  nothing'];
  const shown = groups.slice(0, options.most);
  const rest = groups.slice(options.most);
  const heads = formatTable(
    shown.map(({ bytes, files, rule }) => [formatBytes(bytes), formatPlural(files, 'file'), printable(rule)]),
    [true, true, false],
  );
  return [
    '',
    title,
    ...shown.flatMap((group, i) => [heads[i] ?? '', ...formatGroup(group, options.paths, style)]),
    ...(rest.length > 0 ? [style.colors.dim(`  and ${formatRest(rest)}; see \`lambda-slim plan\``)] : []),
  ];
}

function formatGroup(group: RemovalGroup, paths: boolean, style: Style): readonly string[] {
  return [
    ...wrapText(printable(group.why), style.columns, '    ').map(line => style.colors.dim(line)),
    ...(paths ? group.paths.map(path => `      ${printable(path)}`) : []),
  ];
}

function formatRest(rest: readonly RemovalGroup[]): string {
  const bytes = rest.reduce((sum, group) => sum + group.bytes, 0);
  return `${formatBytes(bytes)} by ${formatPlural(rest.length, 'more rule')}`;
}
