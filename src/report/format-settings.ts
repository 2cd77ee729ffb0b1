import { limits } from '../platform/limits.ts';
import { formatCount } from './bytes.ts';
import { wrapText } from './layout.ts';
import type { CheckReport } from './reporter.ts';
import type { Style } from './style.ts';

/** What else counts, to the byte: size and limit. */
export function formatSettings(
  { artifact, layers, requestBytes, environmentBytes }: CheckReport,
  style: Style,
): readonly string[] {
  const unzipped = [artifact, ...layers].reduce((sum, part) => sum + part.unzippedBytes, 0);
  const rows: readonly (readonly [string, number | null, number])[] = [
    ['zipped', artifact.zippedBytes, limits.zippedBytes],
    ['unzipped', unzipped, limits.unzippedBytes],
    ['request', requestBytes, limits.requestBytes],
    ['environment', environmentBytes, limits.environmentBytes],
  ];
  const words = rows.flatMap(([name, bytes, limit]) =>
    bytes === null ? [] : [`${name} ${formatCount(bytes)} of ${formatCount(limit)}`],
  );
  const text = `bytes: ${words.join(', ')}; layers ${layers.length} of ${limits.layers}`;
  return wrapText(text, style.columns, '  ').map(line => style.colors.dim(line));
}
