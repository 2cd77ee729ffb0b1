import type { BuildResult } from '../types.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import type { Style } from './style.ts';

/** What the bytecode of a Python function costs. */
export function formatBytecode({ bytecode }: BuildResult, { colors }: Style): readonly string[] {
  if (!bytecode) return [];
  const { mode, files, bytes, removedSources, removedBytes, uncompiled, pythonVersion } = bytecode;
  const instead =
    removedSources === 0
      ? ''
      : `, in place of ${formatBytes(removedBytes)} in ${formatPlural(removedSources, 'source')}`;
  return [
    '',
    `${colors.bold('Bytecode')}  ${mode}`,
    `  costs ${formatBytes(bytes)} unzipped in ${formatPlural(files, 'file')}${instead}; made by Python ${pythonVersion}`,
    ...(uncompiled === 0 ? [] : [`  ${formatPlural(uncompiled, 'source')} without any`]),
  ];
}
