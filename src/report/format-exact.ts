import type { ExactReport } from '../types.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** What level `exact` took out, and what the static trace and the recorded run would each have let go alone. */
export function formatExact(exact: ExactReport | null, { colors }: Style): readonly string[] {
  if (!exact) return [];
  const { events, savedBytes, savedByTraceBytes, savedByRunBytes, removedFiles, emptiedFiles, rest } = exact;
  const emptied =
    emptiedFiles > 0 ? `; ${formatPlural(emptiedFiles, 'file')} it only looked at stayed empty` : '';
  return [
    '',
    colors.bold('Level exact'),
    `  ${formatPlural(removedFiles, 'file')} went that neither the imports nor ${formatPlural(events, 'event')} reach: ${formatBytes(savedBytes)}${emptied}`,
    `  by the imports alone ${formatBytes(savedByTraceBytes)} would go, by the recorded run alone ${formatBytes(savedByRunBytes)}`,
    ...(rest
      ? [
          `  they lie in ${printable(rest.path)}: ${formatBytes(rest.zippedBytes)}, ${formatBytes(rest.unzippedBytes)} unzipped`,
        ]
      : []),
  ];
}
