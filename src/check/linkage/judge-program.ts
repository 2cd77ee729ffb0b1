import type { ElfFacts } from '../../elf/types.ts';
import { newestNodeApi, nodeApiVersionOf } from '../../platform/node-api.ts';
import { runtimes } from '../../platform/runtimes.ts';
import type { Runtime } from '../../types.ts';
import { isProgram } from './candidate.ts';
import type { PlacedFile, Problem } from './types.ts';

/** A program that may not be executed; libraries need no such bit. */
export function judgeMode(file: PlacedFile, facts: ElfFacts): readonly Problem[] {
  if (!isProgram(file, facts) || (file.mode & 0o111) !== 0) return [];
  return [{ file, facts: { code: 'EXEC_BIT_LOST', level: 'error' } }];
}

/** An addon that calls functions of Node-API which came later than the runtime's Node.js. */
export function judgeNodeApi(file: PlacedFile, facts: ElfFacts, runtime: Runtime): readonly Problem[] {
  const has = runtime.language === 'nodejs' ? newestNodeApi(runtime.version) : null;
  if (has === null) return [];
  const newer = facts.imports.filter(name => (nodeApiVersionOf(name) ?? 0) > has);
  if (newer.length === 0) return [];
  const needs = Math.max(...newer.map(name => nodeApiVersionOf(name) ?? 0));
  const fits = runtimes
    .filter(row => row.language === 'nodejs' && (newestNodeApi(row.version) ?? 0) >= needs)
    .map(row => row.id);
  return [
    {
      file,
      facts: { code: 'NAPI_TOO_NEW', level: 'error', symbols: newer, needs, has, runtime: runtime.id, fits },
    },
  ];
}
