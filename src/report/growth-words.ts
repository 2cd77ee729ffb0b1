import type { Growth, GrowthItem } from '../inventory/types.ts';
import { formatBytes, formatBytesPair, formatExactBytes } from './bytes.ts';

/** `+1.2 MiB`, `-310 B`, `0 B`. */
export function formatChange(bytes: number): string {
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

/** Two sizes and their difference: `43 MiB → 44.1 MiB (+1.1 MiB)`; in bytes where they read alike. */
export function formatStep(before: number, now: number): string {
  const [from, to] = formatBytesPair(before, now);
  return before === now ? `${to}, unchanged` : `${from} → ${to} (${changeBetween(before, now, from)})`;
}

function changeBetween(before: number, now: number, from: string): string {
  if (from !== formatExactBytes(before)) return formatChange(now - before);
  return `${now > before ? '+' : ''}${formatExactBytes(now - before)}`;
}

/** What happened to a package, without its name: `1.2.0 → 1.3.0, brought by sharp`. */
export function describeItem({ change, from, to, broughtBy, isPackage }: GrowthItem): string {
  const by = broughtBy.length > 0 ? `, brought by ${broughtBy.join(', ')}` : '';
  switch (change) {
    case 'added':
      return `added${to === null ? '' : ` ${to}`}${by}`;
    case 'removed':
      return `removed${from === null ? '' : `, was ${from}`}`;
    case 'updated':
      return `${from ?? 'no version'} → ${to ?? 'no version'}${by}`;
    case 'grown':
      return isPackage ? `same version${to === null ? '' : ` ${to}`}` : 'changed';
    default:
      return change satisfies never;
  }
}

/** `+5.2 %`; empty where there was nothing before. */
export function formatPercent({ beforeUnzippedBytes: before, unzippedBytes: now }: Growth): string {
  if (before === 0 || before === now) return '';
  const percent = ((now - before) / before) * 100;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(Math.abs(percent) < 0.1 ? 3 : 1)} %`;
}
