import { formatBytes, formatBytesPair } from './bytes.ts';
import type { Style } from './style.ts';

const BAR_WIDTH = 24;

/** A limit as a bar with the room that is left: `zipped    [####....]  25.9 MiB of 50 MiB, 24.1 MiB left`. */
export function formatBar(label: string, bytes: number, limit: number, style: Style): string {
  const share = Math.min(1, bytes / limit);
  const full = bytes > 0 ? Math.max(1, Math.floor(share * BAR_WIDTH)) : 0;
  const bar = style.bar.full.repeat(full) + style.bar.empty.repeat(BAR_WIDTH - full);
  const isOver = bytes > limit;
  const paint = isOver ? style.colors.red : share > 0.9 ? style.colors.yellow : style.colors.green;
  const [used, allowed] = formatBytesPair(bytes, limit);
  const room = `${formatBytes(Math.abs(limit - bytes))} ${isOver ? 'over' : 'left'}`;
  return `  ${label.padEnd(8)}  [${paint(bar)}]  ${used} of ${allowed}, ${room}`;
}
