import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NativeFile } from '../../src/elf/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import {
  type CompressOptions,
  compressFolder,
  PYTHON,
  type Ran,
  readIndex,
  runPython,
} from '../helpers/python-artifact.ts';
import { makeInput } from '../native/compress/make-input.ts';

/** Code that a package runs to load its "library": data that has to lie whole beside it. */
const READ = `import os, zlib
HERE = os.path.dirname(os.path.abspath(__file__))
def load(name):
    with open(os.path.join(HERE, name), "rb") as file:
        return zlib.crc32(file.read())
`;

const LIBRARY = Buffer.concat([Buffer.alloc(150_000, 'lambda'), randomBytes(20_000)]);

const PROJECT: Readonly<Record<string, string | Buffer>> = {
  'big/__init__.py': `${READ}from . import sub\nVALUE = load("lib/libbig.so")\nclass Thing:\n    pass\n`,
  'big/sub.py': 'import big\nNAME = "sub"\n',
  'big/real.py': `from pathlib import Path\nFOUND = (Path(__file__).resolve().parent / "lib" / "libbig.so").exists()\n`,
  'big/data/words.txt': 'words',
  'big/lib/libbig.so': LIBRARY,
  'big/lib/run': '#!/bin/sh\n',
  'big-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: big\nVersion: 1.0\n',
  'space/inner/__init__.py': `${READ}VALUE = load("libinner.so")\n`,
  'space/inner/libinner.so': LIBRARY,
  'space/other.py': 'WHERE = "other"\n',
  'plain/__init__.py': 'WHERE = __file__\n',
};

const NATIVES: ReadonlyMap<string, NativeFile> = makeInput('python', {
  'big/lib/libbig.so': {},
  'space/inner/libinner.so': {},
}).natives;

interface Laboratory {
  /** The compressed artifact. */
  readonly root: string;
  readonly tmp: string;
  readonly dir: string;
  run(code: string, env?: Readonly<Record<string, string>>): Ran;
}

/** Compresses the project above with small chunks, and gives it an empty temporary folder. */
async function withArtifact(
  use: (laboratory: Laboratory) => Promise<void>,
  options: Partial<CompressOptions> = {},
): Promise<void> {
  await withTempDir(async dir => {
    const raw = join(dir, 'raw');
    for (const [path, data] of Object.entries(PROJECT)) {
      await mkdir(dirname(join(raw, path)), { recursive: true });
      await writeFile(join(raw, path), data);
    }
    const root = join(dir, 'task');
    const choice = { minBytes: 0 };
    await compressFolder(raw, root, {
      natives: NATIVES,
      choice,
      chunkBytes: 65_536,
      workDir: dir,
      ...options,
    });
    const tmp = join(dir, 'tmp');
    await mkdir(tmp);
    await use({ root, tmp, dir, run: (code, env) => runPython(root, code, tmp, env) });
  });
}

function succeeds({ status, stdout, stderr }: Ran): string {
  assert.is(status, 0, stderr);
  return stdout.trim();
}

/** The checksum that Python sees where the library is whole. */
const expected = succeeds(
  spawnSync(PYTHON, ['-c', 'import sys, zlib; print(zlib.crc32(sys.stdin.buffer.read()))'], {
    input: LIBRARY,
    encoding: 'utf8',
  }),
);

const mirrors = async ({ tmp }: Laboratory) =>
  (await readdir(join(tmp, 'lambda-slim'))).filter(name => !name.endsWith('.lock'));

test('a package is imported from the mirror, whole, with its submodules, data and metadata', async () => {
  await withArtifact(async ({ run, root, tmp }) => {
    const before = await readdir(root, { recursive: true });
    assert.not.ok(before.includes('big/lib/libbig.so'));
    const out = succeeds(
      run(`
import big.sub, big, big.real, sys, importlib.resources as resources, importlib.metadata as metadata, pickle, pkgutil
print(big.VALUE, sys.modules["big"] is big, big.sub.big is big, big.real.FOUND, big.__spec__.name)
if hasattr(resources, "files"):
    assert (resources.files("big") / "data" / "words.txt").read_text() == "words"
print(pkgutil.get_data("big", "data/words.txt").decode(), metadata.version("big"))
print(type(pickle.loads(pickle.dumps(big.Thing()))) is big.Thing)
print(big.__file__.startswith(${JSON.stringify(tmp)}))
`),
    );
    assert.equal(out.split('\n'), [`${expected} True True True big`, 'words 1.0', 'True', 'True']);
    assert.equal(await readdir(root, { recursive: true }), before, 'nothing is written into the artifact');
  });
});

test('packages in a namespace, and packages that have nothing compressed', async () => {
  await withArtifact(async ({ run, root }) => {
    const out = succeeds(
      run(
        'import space.other, plain, space.inner, os\nprint(space.inner.VALUE, space.other.WHERE, os.path.dirname(plain.WHERE))',
      ),
    );
    assert.is(out, `${expected} other ${join(root, 'plain')}`);
  });
});

test('a second process takes what is there; LAMBDA_SLIM_DEBUG tells', async () => {
  await withArtifact(async ({ run, root, tmp }) => {
    const first = run('import big', { LAMBDA_SLIM_DEBUG: '1' });
    assert.match(first.stderr, /^lambda-slim: made .* in \d+ ms\n$/);
    const [mirror] = await mirrors({ tmp } as Laboratory);
    await writeFile(join(tmp, 'lambda-slim', mirror as string, 'big', 'lib', 'libbig.so'), 'changed');
    // Not inflated again: what is there is taken as it is, and the blob is not even read.
    await rm(join(root, '.lambda-slim', '0-libbig.so.xz'));
    const second = run('import big; print(big.VALUE)', { LAMBDA_SLIM_DEBUG: '1' });
    assert.match(second.stderr, /^lambda-slim: found /);
    assert.is.not(succeeds(second), expected);
  });
});

test('without LAMBDA_SLIM_DEBUG nothing is printed', async () => {
  await withArtifact(async ({ run }) => assert.is(run('import big').stderr, ''));
});

test('threads that import at once all get the true module', async () => {
  await withArtifact(async ({ run }) => {
    const out = succeeds(
      run(`
import threading, importlib
names = ["big", "space.inner", "big.sub", "big"] * 6
seen = []
errors = []
def work(name):
    try:
        seen.append(importlib.import_module(name))
        import big
        assert big.VALUE and big.Thing
    except BaseException as error:
        import traceback
        errors.append(traceback.format_exc())
threads = [threading.Thread(target=work, args=(name,)) for name in names]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
import big, space.inner
print(len(seen), big.VALUE, space.inner.VALUE, *errors)
`),
    );
    assert.is(out, `24 ${expected} ${expected}`);
  });
});

test('children import too, forked or spawned', async () => {
  await withArtifact(async ({ run, root }) => {
    await writeFile(
      join(root, 'children.py'),
      `import multiprocessing
def value(_):
    import big
    return big.VALUE
if __name__ == "__main__":
    import sys
    if sys.argv[1] == "after":
        import big
    for method in ("fork", "spawn"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            print(*pool.map(value, range(2)))
`,
    );
    for (const when of ['before', 'after']) {
      const code = `import runpy, sys; sys.argv = ["children.py", "${when}"]; runpy.run_path("children.py", run_name="__main__")`;
      const line = `${expected} ${expected}`;
      assert.is(succeeds(run(code)), `${line}\n${line}`);
    }
  });
});

test('two processes at once make one mirror', async () => {
  await withArtifact(async laboratory => {
    const { root, tmp } = laboratory;
    const env = { PATH: process.env.PATH, TMPDIR: tmp, PYTHONPATH: root };
    const results = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise<number | null>(resolve => {
            const child = spawn(PYTHON, ['-c', `import big; assert big.VALUE == ${expected}`], { env });
            child.on('exit', resolve);
          }),
      ),
    );
    assert.equal(results, [0, 0, 0]);
    assert.is((await mirrors(laboratory)).length, 1);
  });
});

test('what a killed process left is removed, and never taken for whole', async () => {
  await withArtifact(async laboratory => {
    const { run } = laboratory;
    // Dies in the middle of its work, as by kill -9.
    const killed = run(`
import os, lambda_slim_libraries as shim
inflate = shim._inflate
def die(*task):
    inflate(*task)
    os._exit(9)
shim._inflate = die
import big
`);
    assert.is(killed.status, 9);
    assert.match((await mirrors(laboratory)).join(), /^[0-9a-f]{64}\.\d+\.[0-9a-f]{8}\.partial$/);
    assert.is(succeeds(run('import big; print(big.VALUE)')), expected);
    assert.match((await mirrors(laboratory)).join(), /^[0-9a-f]{64}-[0-9a-f]{8}$/);
  });
});

test('a damaged blob is an error that says so, and leaves nothing behind', async () => {
  await withArtifact(async laboratory => {
    const { root, run } = laboratory;
    const blob = join(root, '.lambda-slim', '0-libbig.so.xz');
    const whole = await readFile(blob);
    const damages = [
      whole.subarray(0, whole.length - 100),
      Buffer.concat([whole.subarray(0, 5000), Buffer.from('damage'), whole.subarray(5006)]),
      Buffer.alloc(0),
    ];
    for (const damage of damages) {
      await writeFile(blob, damage);
      const { status, stderr } = run('import big');
      assert.is(status, 1);
      assert.match(stderr, /LibrariesError: The compressed library big\/lib\/libbig\.so is damaged/);
      assert.equal(await mirrors(laboratory), []);
    }
    await writeFile(blob, whole);
    assert.is(succeeds(run('import big; print(big.VALUE)')), expected);
  });
});

test('sound bytes of another library fail by their checksum', async () => {
  await withArtifact(async ({ root, run }) => {
    const path = join(root, '.lambda-slim', 'index.json');
    const index = await readIndex(root);
    index.files[0].chunks[0].crc32 ^= 1;
    await writeFile(path, JSON.stringify(index));
    assert.match(run('import big').stderr, /libbig\.so is damaged/);
  });
});

test('a temporary folder that is too small is an error with the size that it takes', async () => {
  await withArtifact(async ({ root, run }) => {
    const index = await readIndex(root);
    index.bytes = 2 ** 60;
    await writeFile(join(root, '.lambda-slim', 'index.json'), JSON.stringify(index));
    const { status, stderr } = run('import big');
    assert.is(status, 1);
    assert.match(
      stderr,
      /need 1099511627777 MiB in .*, and \d+ MiB are free now\. Raise the ephemeral storage/,
    );
    assert.match(
      run(`
import errno, os, lambda_slim_libraries as shim
shim._check_space = lambda *_: None
def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")
shim._write_all = full
import big`).stderr,
      /LibrariesError: The compressed libraries need .*ephemeral storage/,
    );
  });
});

test('a format that this Python cannot inflate, an index that it cannot read', async () => {
  await withArtifact(async ({ root, run }) => {
    const path = join(root, '.lambda-slim', 'index.json');
    const index = await readIndex(root);
    for (const file of index.files) for (const chunk of file.chunks) chunk.format = 'brotli';
    await writeFile(path, JSON.stringify(index));
    assert.match(run('import big').stderr, /Python cannot inflate brotli/);
    const code = 'import sys; sys.modules["compression"] = None; import big';
    await writeFile(path, JSON.stringify(index).replaceAll('brotli', 'zstd'));
    assert.match(run(code).stderr, /cannot inflate zstd, .* first images of python3\.14 had no zstd/);
    await writeFile(path, JSON.stringify({ ...index, schema: 2 }));
    assert.match(run('import big').stderr, /is none that this shim can read \(schema 1\)/);
    await writeFile(path, '{');
    assert.match(run('import big').stderr, /index\.json cannot be read/);
    index.files[0].chunks[0] = { ...index.files[0].chunks[0], format: 'xz', filter: 'x86' };
    await writeFile(path, JSON.stringify(index));
    assert.match(run('import big').stderr, /Python cannot undo the x86 filter/);
    index.files[0].chunks[0].filter = null;
    index.files[0].path = '../../escape.so';
    await writeFile(path, JSON.stringify(index).replaceAll('brotli', 'xz'));
    assert.match(run('import big').stderr, /leads out of the artifact/);
  });
});

test('an artifact that moved has a mirror of its own', async () => {
  await withArtifact(async laboratory => {
    const { root, tmp, dir, run } = laboratory;
    succeeds(run('import big'));
    const moved = join(dir, 'layer', 'python');
    await cp(root, moved, { recursive: true, verbatimSymlinks: true });
    await rm(root, { recursive: true });
    assert.is(succeeds(runPython(moved, 'import big; print(big.VALUE)', tmp)), expected);
    assert.is((await mirrors(laboratory)).length, 2);
  });
});

test.run();
