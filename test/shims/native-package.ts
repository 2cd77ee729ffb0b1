import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Case } from './rest-laboratory.ts';

export const MODULE = 'n/_n.so';
export const INNER = 'n.libs/libinner.so.1';
export const DEEP = 'deep/lib/libdeep.so';
const SOURCES: Readonly<Record<string, string>> = {
  [DEEP]: 'int deep(void) { return 40; }',
  [INNER]: 'int deep(void); int inner(void) { return deep() + 2; }',
  [MODULE]: `#include <Python.h>
int inner(void);
static PyObject *answer(PyObject *self, PyObject *args) { return PyLong_FromLong(inner()); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {0}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "_n", 0, -1, methods};
PyMODINIT_FUNC PyInit__n(void) { return PyModule_Create(&def); }`,
};

/** A package with an extension module, which needs a library beside it, which needs one elsewhere: all found by RPATH. */
export async function compileNative(python: string): Promise<Case['files']> {
  const dir = await mkdtemp(join(tmpdir(), 'lambda-slim-'));
  const include = spawnSync(python, ['-c', 'import sysconfig; print(sysconfig.get_paths()["include"])'], {
    encoding: 'utf8',
  }).stdout.trim();
  const gcc = async (path: string, ...args: readonly string[]): Promise<[string, Uint8Array]> => {
    const [target, source] = [join(dir, path), join(dir, 'source.c')];
    await mkdir(dirname(target), { recursive: true });
    await writeFile(source, SOURCES[path] as string);
    const all = ['-shared', '-fPIC', `-I${include}`, '-o', target, source, ...args];
    const { status, stderr } = spawnSync('gcc', all, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return [path, await readFile(target)];
  };
  try {
    const deep = await gcc(DEEP, '-Wl,-soname,libdeep.so');
    const inner = await gcc(
      INNER,
      join(dir, DEEP),
      '-Wl,-soname,libinner.so.1',
      '-Wl,-rpath,$ORIGIN/../deep/lib',
    );
    const link = `-Wl,-rpath-link,${join(dir, 'deep/lib')}`;
    const module = await gcc(MODULE, join(dir, INNER), '-Wl,-rpath,$ORIGIN/../n.libs', link);
    return Object.fromEntries([deep, inner, module]);
  } finally {
    await rm(dir, { recursive: true });
  }
}
