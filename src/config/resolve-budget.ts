import { dirname, resolve } from 'node:path';
import type { Budget } from '../types.ts';
import { findConfig } from './find-config.ts';
import { parseConfig } from './parse-config.ts';
import { parseGrowth, parseSize } from './parse-size.ts';
import { readConfig } from './read-config.ts';
import { listFunctions } from './select-functions.ts';
import type { BudgetConfig } from './types.ts';

/** A function's budget as the config has it, bytes and ms. */
export function resolveBudget({ zipped, unzipped, growth, initMs }: BudgetConfig = {}): Budget {
  return {
    zippedBytes: zipped === undefined ? null : parseSize(zipped),
    unzippedBytes: unzipped === undefined ? null : parseSize(unzipped),
    growth: growth === undefined ? null : parseGrowth(growth),
    initMs: initMs ?? null,
  };
}

/**
 * The budgets of a config's functions, by their names and by those that they are published under; none without a config. Nothing
 * that the functions are made of has to be there. Throws what reading a config throws.
 */
export async function loadBudgets(
  cwd: string,
  chosen: string | undefined,
): Promise<ReadonlyMap<string, Budget>> {
  const path = chosen === undefined ? await findConfig(cwd) : resolve(cwd, chosen);
  if (path === null) return new Map();
  const config = parseConfig(await readConfig(path), path);
  const functions = listFunctions({ config, dir: dirname(path), source: path });
  return new Map(
    functions.flatMap(({ name, config: { budget, publish } }) => {
      const resolved = resolveBudget(budget);
      const names = [name, ...(publish?.functionName === undefined ? [] : [publish.functionName])];
      return names.map(each => [each, resolved] as const);
    }),
  );
}
