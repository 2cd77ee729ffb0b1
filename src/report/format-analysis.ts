import { limits } from '../platform/limits.ts';
import type { Analysis, Share } from './analyze.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import { formatBar } from './format-bar.ts';
import { joinLines, shorten } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** The largest packages, kinds and files, a bar each, in the width there is. */
export function formatAnalysis(analysis: Analysis, top: number, style: Style): string {
  const { name, path, zippedBytes, unzippedBytes, files } = analysis;
  return joinLines([
    `${style.colors.bold(printable(path ?? name))}  ${formatPlural(files, 'file')}`,
    ...(zippedBytes === null ? [] : [formatBar('zipped', zippedBytes, limits.zippedBytes, style)]),
    formatBar('unzipped', unzippedBytes, limits.unzippedBytes, style),
    ...formatShares('By package', analysis.packages, { top, unzippedBytes }, style),
    ...formatShares('By kind', analysis.kinds, { top, unzippedBytes }, style),
    ...formatShares('Largest files', analysis.largest, { top, unzippedBytes }, style),
  ]);
}

interface Extent {
  readonly top: number;
  readonly unzippedBytes: number;
}

/** Size, share and its frame: `  123.4 KiB   12.3 %  [####....]  `. */
const FIXED_COLUMNS = 2 + 9 + 2 + 7 + 2 + 2 + 2;

function formatShares(
  title: string,
  shares: readonly Share[],
  { top, unzippedBytes }: Extent,
  style: Style,
): readonly string[] {
  const shown = shares.slice(0, top);
  const rest = shares.slice(top);
  const width = Math.max(4, Math.min(24, Math.floor((style.columns - FIXED_COLUMNS) / 3)));
  const lines = shown.map(share =>
    formatShare(share, { width, unzippedBytes, most: shown[0]?.bytes ?? 0 }, style),
  );
  const restBytes = rest.reduce((sum, { bytes }) => sum + bytes, 0);
  const more =
    rest.length === 0
      ? []
      : [`  ${formatBytes(restBytes).padStart(9)}  in ${formatPlural(rest.length, 'other')}`];
  return ['', style.colors.bold(title), ...lines, ...more.map(line => style.colors.dim(line))];
}

function formatShare(
  { name, bytes, compressedBytes }: Share,
  {
    width,
    unzippedBytes,
    most,
  }: { readonly width: number; readonly unzippedBytes: number; readonly most: number },
  { columns, colors, bar }: Style,
): string {
  const full = most === 0 ? 0 : Math.max(bytes > 0 ? 1 : 0, Math.round((bytes / most) * width));
  const drawn = colors.cyan(bar.full.repeat(full)) + bar.empty.repeat(width - full);
  const percent = `${(unzippedBytes === 0 ? 0 : (bytes / unzippedBytes) * 100).toFixed(1)} %`;
  const zipped = compressedBytes === null ? '' : `  ${formatBytes(compressedBytes)} zipped`;
  const room = columns - FIXED_COLUMNS - width;
  // Where both do not fit, the name tells more.
  const tail = room - zipped.length >= 24 ? zipped : '';
  const label = shorten(printable(name), Math.max(8, room - tail.length));
  return `  ${formatBytes(bytes).padStart(9)}  ${percent.padStart(7)}  [${drawn}]  ${label}${tail}`;
}
