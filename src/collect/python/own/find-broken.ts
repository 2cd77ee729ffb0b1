import { join } from 'node:path';
import { z } from 'zod';
import type { Finding } from '../../../findings.ts';
import { describePython } from '../../../lambda/find-python.ts';
import type { Context, Runtime } from '../../../types.ts';
import { exec } from '../../../util/exec.ts';
import type { Reached } from './trace-python.ts';

/** Compiles the files named on stdin, runs nothing of them, and prints what is wrong with each: `[index, line, message]`. */
const COMPILE = `
import json, sys, warnings
warnings.simplefilter("ignore")
found = []
for index, path in enumerate(json.load(sys.stdin)):
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec", dont_inherit=True)
    except SyntaxError as error:
        found.append([index, error.lineno, error.msg])
    except ValueError as error:
        found.append([index, None, str(error)])
json.dump(found, sys.stdout)
`;

const printed = z.array(z.tuple([z.number(), z.number().nullable(), z.string()]));

/** Tells of own files that the runtime's Python cannot compile; without such a Python here nothing is told. */
export async function findBroken(
  base: string,
  reached: ReadonlyMap<string, Reached>,
  { version }: Runtime,
  { workDir, signal }: Pick<Context, 'workDir' | 'signal'>,
): Promise<readonly Finding[]> {
  const own = [...reached].flatMap(([path, { place }]) =>
    place.dir === base && path.endsWith('.py') ? path : [],
  );
  const python = await describePython(version, { cwd: workDir, signal });
  if (!python) return [];
  const input = JSON.stringify(own.map(path => join(base, path)));
  const { stdout } = await exec(python.path, ['-I', '-S', '-c', COMPILE], { cwd: workDir, signal, input });
  return printed.parse(JSON.parse(stdout)).map(([index, line, reason]) => ({
    code: 'SOURCE_BROKEN',
    level: 'error',
    path: own[index] ?? '',
    line,
    reason,
  }));
}
