import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { archiveZip } from '../../src/archive/archive-zip.ts';
import { native } from '../../src/native/native.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import type { Platform } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { makeContext } from '../helpers/project.ts';
import { PYTHON, readTree, runPython } from '../helpers/python-artifact.ts';

const WHEELS = ['numpy==2.4.6', 'scipy==1.17.1', 'pyarrow==25.0.1'];
const COMPUTE = `
import io, os, numpy, pyarrow, pyarrow.parquet as parquet
from scipy import linalg
table = pyarrow.table({"a": [1, 2, 3], "b": ["x", None, "z"]})
file = io.BytesIO(); parquet.write_table(table, file)
print(parquet.read_table(io.BytesIO(file.getvalue())).equals(table), linalg.svdvals(numpy.eye(3) * 2).tolist(), flush=True)
# At exit pyarrow's threads end up to one run in ten with "terminate called", from the untouched wheels as well.
os._exit(0)
`;

test('what wheels bring several times becomes one file, and works after unzip', () =>
  withTempDir(async dir => {
    const install = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--no-compile'];
    const raw = join(dir, 'raw');
    await exec(PYTHON, [...install, '--target', raw, ...WHEELS], { cwd: dir });
    const options = { strip: true, stripExcept: [], dedupe: true, compress: null };
    const platform: Platform = {
      runtime: findRuntime('python3.12'),
      os: 'linux',
      arch: 'x64',
      libc: 'glibc',
    };
    const library = { presets: [], alwaysKeep: [] };
    const context = makeContext(join(dir, 'work'));
    const settings = { options, library, platform, level: 'fast' } as const;
    const { tree, report } = await native(await readTree(raw), settings, context);

    const targets = new Map(report.shared.map(({ path, target }) => [path, target]));
    const copies = [...targets].filter(([, target]) => target === 'pyarrow/libarrow_python.so');
    assert.is(copies.length, 2, 'three files are one');
    const gfortran = [...targets].find(([path]) => path.startsWith('scipy.libs/libgfortran-'));
    assert.match(gfortran?.[1] ?? '', /^numpy\.libs\/libgfortran-/);

    const outPath = join(dir, 'function.zip');
    await archiveZip(tree, { outPath, level: 'fast' }, context);
    await exec('unzip', ['-q', outPath, '-d', join(dir, 'task')], { cwd: dir });
    const ran = runPython(join(dir, 'task'), COMPUTE, dir);
    assert.equal([ran.stdout.trim(), ran.status], ['True [2.0, 2.0, 2.0]', 0], ran.stderr);
  }));

test.run();
