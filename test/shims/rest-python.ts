import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { readMissed } from '../../src/rest/read-missed.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { makeSlim, PYTHON } from '../rest/make-slim.ts';
import type { Case, Laboratory, Ran } from './rest-laboratory.ts';

/** Imports a handler and calls it, as Lambda does, and prints what it gives. */
const RUN = `
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
try:
    value = importlib.import_module(sys.argv[2]).handler()
except Exception as error:
    value = {"error": {"name": type(error).__name__, "message": str(error), "code": getattr(error, "errno", None)}}
print(json.dumps(value))
`;

/** Runs Python with a slim function in a folder of its own. */
export function withPython(
  python: string,
  { files, out, options }: Case,
  use: (laboratory: Laboratory) => void | Promise<void>,
): Promise<void> {
  return withTempDir(async temp => {
    const dir = realpathSync(temp);
    const handler = options?.handler ?? 'app.handler';
    const slim = await makeSlim(dir, files, out, { platform: PYTHON, ...options, handler });
    const module = handler.slice(0, handler.lastIndexOf('.')).replaceAll('/', '.');
    const run = async (env: Readonly<Record<string, string>> = {}): Promise<Ran> => {
      const child = spawn(python, ['-c', RUN, slim.task, module], {
        cwd: slim.task,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env.PATH,
          PYTHONDONTWRITEBYTECODE: '1',
          TMPDIR: slim.tmp,
          LAMBDA_SLIM_REST: slim.layer,
          ...env,
        },
      });
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      if (stdout === '') throw new Error(stderr);
      const value = JSON.parse(stdout.trim().split('\n').at(-1) as string);
      return { value, error: value?.error, missed: readMissed(stderr), stderr };
    };
    await use({ ...slim, dir, run });
  });
}
