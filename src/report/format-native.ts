import type { BuildResult, CompressedReport, NativeReport } from '../types.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import type { Style } from './style.ts';

const MIB = 1024 * 1024;

/** What was done to native libraries, what it saved, and what compressed ones cost at run time. */
export function formatNative(
  { native, tmpMiB }: Pick<BuildResult, 'native' | 'tmpMiB'>,
  { colors }: Style,
): readonly string[] {
  const lines = [...formatStripped(native), ...formatShared(native)];
  const compressed = native.compressed ? formatCompressed(native.compressed, tmpMiB) : [];
  if (lines.length + compressed.length === 0) return [];
  return ['', colors.bold('Native libraries'), ...[...lines, ...compressed].map(line => `  ${line}`)];
}

function formatStripped({ files }: NativeReport): readonly string[] {
  if (files.length === 0) return [];
  const stripped = files.filter(({ outcome }) => outcome === 'stripped');
  const saved = stripped.reduce((sum, file) => sum + file.bytesBefore - file.bytesAfter, 0);
  const kept = files.filter(({ outcome }) => outcome.startsWith('kept')).length;
  const of = `${formatPlural(stripped.length, 'file')} of ${files.length} stripped and verified`;
  return [
    `${of}: ${formatBytes(saved)} less${kept > 0 ? `; ${kept} kept as ${kept === 1 ? 'it was' : 'they were'}` : ''}`,
  ];
}

function formatShared({ shared }: NativeReport): readonly string[] {
  if (shared.length === 0) return [];
  const saved = shared.reduce((sum, { bytes }) => sum + bytes, 0);
  return [`${formatPlural(shared.length, 'equal file')} became links: ${formatBytes(saved)} less`];
}

function formatCompressed(report: CompressedReport, tmpMiB: number): readonly string[] {
  const { files, tmpBytes, compressedBytes, format, inflate } = report;
  const sizes = `${formatBytes(tmpBytes)} travel as ${formatBytes(compressedBytes)}`;
  const cost = inflate
    ? `inflating them took ${inflate.wallMs} ms on ${formatPlural(inflate.cores, 'core')} here (${inflate.cpuMs} ms of CPU, ${formatBytes(inflate.peakBytes)} of memory at most)`
    : 'how long inflating takes was not measured';
  return [
    `${formatPlural(files.length, 'library', 'libraries')} compressed with ${format}: ${sizes}`,
    `on the first use in a sandbox they are inflated into /tmp: ${formatBytes(tmpBytes)} of its ${formatBytes(tmpMiB * MIB)}`,
    cost,
  ];
}
