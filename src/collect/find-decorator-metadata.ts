import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Finding } from '../findings.ts';
import { orNull } from '../util/fs.ts';
import type { Bundle } from './bundle/bundle-function.ts';
import { packageDirOf } from './package-path.ts';

/** A decorator at the start of a line. */
const DECORATOR = /^\s*@[A-Za-z_$][\w$.]*\s*(?:\(|$)/m;

/** How many configs may extend one another. */
const MAX_EXTENDS = 5;

/** Tells of sources whose decorators ask for types at run time: the bundler does not emit them, as TypeScript itself would. */
export async function findDecoratorMetadata(bundle: Bundle, root: string): Promise<readonly Finding[]> {
  const sources = [...bundle.inputs.keys()].filter(path => !packageDirOf(path) && /\.[cm]?tsx?$/.test(path));
  if (sources.length === 0 || !(await isEmitted(join(root, 'tsconfig.json'), MAX_EXTENDS))) return [];
  for (const path of sources) {
    if (DECORATOR.test((await orNull(readFile(path, 'utf8'))) ?? '')) {
      return [{ code: 'DECORATOR_METADATA', level: 'warning', path: bundle.path }];
    }
  }
  return [];
}

async function isEmitted(config: string, depth: number): Promise<boolean> {
  const text = await orNull(readFile(config, 'utf8'));
  if (text === null || depth === 0) return false;
  const own = /"emitDecoratorMetadata"\s*:\s*(true|false)/.exec(text)?.[1];
  if (own) return own === 'true';
  const parent = /"extends"\s*:\s*"(\.[^"]+)"/.exec(text)?.[1];
  if (!parent) return false;
  const path = resolve(dirname(config), parent);
  return isEmitted(path.endsWith('.json') ? path : `${path}.json`, depth - 1);
}
