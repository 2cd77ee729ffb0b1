import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const NODE = /\.[cm]?js$/;

/**
 * Says whether unpacked code can only be meant for Python: by the module of the handler, or without one by the files at its top.
 * `handler` is Lambda's setting, where somebody named it.
 */
export async function looksLikePython(code: string, handler: string | undefined): Promise<boolean> {
  const path = (handler ?? 'index').replace(/\.[^./]*$/, '');
  const stem = path.slice(path.lastIndexOf('/') + 1);
  const near = await readdir(join(code, dirname(path))).catch((): string[] => []);
  if (near.some(name => name.replace(NODE, '') === stem)) return false;
  if (handler !== undefined) return near.includes(`${stem}.py`) || near.includes(`${stem}.pyc`);
  return (
    near.some(name => /^lambda_function\.pyc?$/.test(name)) ||
    (near.some(name => /\.pyc?$/.test(name)) && !near.some(name => NODE.test(name)))
  );
}
