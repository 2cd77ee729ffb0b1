import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VisibleFolder } from '../lambda/types.ts';
import type { Runtime } from '../types.ts';
import { makeFolders } from '../util/fs.ts';
import { readOwnManifest } from '../util/own-manifest.ts';

/** What makes a function's processes tell what they touch. */
export interface Recorder {
  readonly environment: Readonly<Record<string, string>>;
  readonly visible: readonly VisibleFolder[];
  /** Where they write it. */
  readonly logs: string;
}

type Environment = Readonly<Record<string, string>>;

/** Puts the recorder for a language into an empty folder; `environment` is the function's own. */
export async function makeRecorder(
  language: Runtime['language'],
  environment: Environment,
  dir: string,
): Promise<Recorder> {
  const code = join(dir, 'recorder');
  const logs = join(dir, 'logs');
  // The function may run as another user.
  for (const folder of [code, logs]) await makeFolders(folder);
  await chmod(logs, 0o777);
  const settings =
    language === 'nodejs' ? await addForNode(environment, code) : await addForPython(environment, code);
  return {
    environment: { ...environment, ...settings, LAMBDA_SLIM_RECORD: logs },
    visible: [
      { folder: code, writable: false },
      { folder: logs, writable: true },
    ],
    logs,
  };
}

async function addForNode({ NODE_OPTIONS = '' }: Environment, dir: string): Promise<Environment> {
  const file = join(dir, 'record.cjs');
  await copyFile(fileURLToPath(new URL('../shims/record.cjs', import.meta.url)), file);
  await chmod(file, 0o644);
  const quoted = `"${file.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return { NODE_OPTIONS: `${NODE_OPTIONS} --require ${quoted}`.trim() };
}

/** As Lambda sets it where the function does not. */
const PYTHONPATH_DEFAULT = '/var/runtime';

async function addForPython(
  { PYTHONPATH = PYTHONPATH_DEFAULT }: Environment,
  dir: string,
): Promise<Environment> {
  const file = join(dir, 'sitecustomize.py');
  await copyFile(join(readOwnManifest().root, 'src', 'shims', 'lambda_slim_record.py'), file);
  await chmod(file, 0o644);
  return { PYTHONPATH: `${dir}:${PYTHONPATH}` };
}
