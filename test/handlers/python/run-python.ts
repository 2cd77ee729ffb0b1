import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as assert from 'uvu/assert';

const HANDLERS = join(process.cwd(), 'src/handlers');
const TESTS = join(process.cwd(), 'test/handlers/python');
const VERSIONS = ['3.10', '3.11', '3.12', '3.13', '3.14'];

export interface PythonTests {
  readonly python: string;
  /** Folder of `test_*.py` beside this file. */
  readonly folder: string;
  /** The function that they are about, a folder of src/handlers. */
  readonly handler?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs Python's own unit tests; throws with their output when one fails, is skipped, or none is there. */
export async function runPythonTests({ python, folder, handler, env }: PythonTests): Promise<void> {
  const paths = [join(HANDLERS, 'python-common'), join(TESTS, 'unit'), env?.PYTHONPATH ?? ''];
  if (handler) paths.unshift(join(HANDLERS, handler));
  const dir = join(TESTS, folder);
  const child = spawn(python, ['-s', '-m', 'unittest', 'discover', '-t', dir, '-s', dir], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ...env,
      PYTHONPATH: paths.filter(Boolean).join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
    },
  });
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  const ran = Number(/^Ran (\d+) tests? in/m.exec(stderr)?.[1] ?? 0);
  assert.ok(status === 0 && ran > 0 && /^OK$/m.test(stderr), `${python}, ${folder}:\n${stderr}`);
}

/** The first Python that can import all modules, or null. */
export function findPythonWith(modules: readonly string[]): string | null {
  const found = ['python3', '/usr/bin/python3'].flatMap(describePython).find(({ path }) => {
    const { status } = spawnSync(path, ['-s', '-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return status === 0;
  });
  return found?.path ?? null;
}

/** A Python of each version that the handlers are for, as far as it is installed: on the PATH or by pyenv. */
export function listPythons(versions: readonly string[] = VERSIONS): readonly string[] {
  const pyenv = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const names = [
    'python3',
    ...versions.map(version => `python${version}`),
    ...listFolder(pyenv).map(name => join(pyenv, name, 'bin/python3')),
  ];
  const byVersion = new Map(
    names.flatMap(describePython).map(({ version, path }) => [version, path] as const),
  );
  return versions.flatMap(version => byVersion.get(version) ?? []);
}

function describePython(name: string): readonly { readonly version: string; readonly path: string }[] {
  const ask = 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)';
  const { stdout } = spawnSync(name, ['-I', '-c', ask], { encoding: 'utf8' });
  const [, version, path] = /^(\S+) (.+)$/m.exec(stdout ?? '') ?? [];
  return version && path ? [{ version, path }] : [];
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
