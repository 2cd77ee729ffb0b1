import { test as root, type Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Case } from './rest-laboratory.ts';
import { withPython } from './rest-python.ts';

const PACKAGES = {
  'p/__init__.py': 'from . import kept\nWHERE = __file__\n',
  'p/kept.py': 'import sys\nPACKAGE = sys.modules["p"]\n',
  'p/lazy.py': 'from . import kept\nfrom .sub import deep\nWHERE = __file__\nSAME = kept.PACKAGE\n',
  'p/sub/__init__.py': '',
  'p/sub/deep.py': 'VALUE = 7\nNAME = __name__\n',
  'p/data/words.txt': 'some words',
  'p/data/more.bin': Buffer.from([1, 2, 3]),
  'space/one.py': 'ONE = 1\n',
  'space/inner/two.py': 'TWO = 2\n',
  'gone/__init__.py': '"""All of it."""\nfrom . import b\n__version__ = "1"\n',
  'gone/b.py': 'B = 1\n',
  'gone-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: gone\nVersion: 1.0\n',
  'gone-1.0.dist-info/RECORD': 'gone/__init__.py,,\n',
};

const python = (code: string): string =>
  `import importlib, json, os, sys, io\nROOT = os.path.dirname(os.path.abspath(__file__))\n${code}`;

/** All that has to hold with any Python. */
export function addPythonCases(executable: string, test: Test = root, title = ''): void {
  const add = (name: string, each: Case, use: Parameters<typeof withPython>[2]): void =>
    test(`${title}${name}`, () =>
      withPython(executable, { ...each, files: { ...PACKAGES, ...each.files } }, use));

  add(
    'modules and packages that are gone are imported',
    {
      files: {
        'app.py': python(`from __future__ import annotations
import gone, p
def handler():
    import p.lazy, space.one, space.inner.two
    from p.sub import deep
    return [gone.b.B, gone.__version__, p.lazy.WHERE, p.lazy.SAME is p, deep.VALUE, deep.NAME, space.one.ONE, space.inner.two.TWO, p.lazy.__spec__.origin, gone.__doc__]
`).replace(/^([^\n]*\n[^\n]*\n)(from __future__[^\n]*\n)/, '$2$1'),
      },
      out: path => /^(gone|space|p\/(lazy|sub))/.test(path),
    },
    async ({ run, task }) => {
      const { value, missed, error } = await run();
      assert.is(error, undefined, JSON.stringify(error));
      const lazy = `${task}/p/lazy.py`;
      assert.equal(value, [1, '1', lazy, true, 7, 'p.sub.deep', 1, 2, lazy, 'All of it.']);
      assert.equal(missed, [
        ...['gone/__init__.py', 'gone/b.py', 'p/lazy.py', 'p/sub/__init__.py', 'p/sub/deep.py'],
        ...['space/inner/two.py', 'space/one.py'],
      ]);
      const again = await run();
      assert.equal(again.value, value);
      assert.equal(
        again.missed.filter(path => path !== 'p/sub/__init__.py'),
        [],
      );
    },
  );

  add(
    'files are read, looked at and listed',
    {
      files: {
        'app.py': python(`import pkgutil, pathlib, glob, p
FILE = os.path.join(ROOT, "p", "data", "words.txt")
def handler():
    looks = [os.path.exists(FILE), os.path.isfile(FILE), os.path.isdir(os.path.dirname(FILE)), os.path.getsize(FILE), os.stat(FILE).st_size, pathlib.Path(FILE).is_file(), pathlib.Path(FILE).stat().st_size,
        sorted(os.listdir(os.path.dirname(FILE))), sorted(os.listdir(os.path.join(ROOT, "p"))), sorted(entry.name for entry in os.scandir(os.path.join(ROOT, "p")) if entry.is_dir()),
        [os.path.basename(name) for name in sorted(glob.glob(os.path.join(ROOT, "p", "d*", "*")))], [files for _, _, files in os.walk(os.path.dirname(FILE))][0].sort(), os.access(FILE, os.R_OK), os.access(FILE, os.X_OK), os.path.realpath(FILE) == os.path.realpath(ROOT) + "/p/data/words.txt"]
    os.write(2, b"BEFORE\\n")
    texts = [open(FILE).read(), io.open(FILE, encoding="utf-8").read(), pathlib.Path(FILE).read_text(), open("p/data/words.txt", "rb").read().decode(), pkgutil.get_data("p", "data/words.txt").decode(), open(pathlib.Path(FILE)).read(), open(FILE.encode()).read()]
    handle = os.open(FILE, os.O_RDONLY); texts.append(os.read(handle, 99).decode()); os.close(handle)
    return [looks, texts]
`),
      },
      out: path => path.startsWith('p/data'),
    },
    async ({ run }) => {
      const { value, missed, stderr, error } = await run();
      assert.is(error, undefined, JSON.stringify(error));
      const [looks, texts] = value as [unknown[], string[]];
      assert.equal(looks.slice(0, 8), [true, true, true, 10, 10, true, 10, ['more.bin', 'words.txt']]);
      assert.equal(
        (looks[8] as string[]).filter(name => name !== '__pycache__'),
        ['__init__.py', 'data', 'kept.py', 'lazy.py', 'sub'],
      );
      assert.equal(looks.slice(9), [['data', 'sub'], ['more.bin', 'words.txt'], null, true, false, true]);
      assert.equal(texts, Array(8).fill('some words'));
      assert.equal(missed, ['p/data/words.txt']);
      assert.match(
        stderr,
        /BEFORE\nLAMBDA_SLIM_MISSED \{"path":"p\/data\/words\.txt","bytes":10,"from":"folder","ms":\d+\}\n$/,
      );
    },
  );

  add(
    'resources and metadata of packages are found',
    {
      files: {
        'app.py': python(`import p
def handler():
    try:
        from importlib import metadata, resources
    except ImportError:
        return ["old"]
    found = [metadata.version("gone"), [str(file) for file in metadata.files("gone")], "gone" in [d.metadata["Name"] for d in metadata.distributions()]]
    if hasattr(resources, "files"):
        folder = resources.files("p") / "data"
        found += [(folder / "words.txt").read_text(), sorted(item.name for item in folder.iterdir())]
    try:
        metadata.version("never")
    except metadata.PackageNotFoundError:
        found.append("never")
    return found
`),
      },
      out: path => path.startsWith('p/data') || path.startsWith('gone-'),
    },
    async ({ run }) => {
      const { value, error } = await run();
      assert.is(error, undefined, JSON.stringify(error));
      const found = value as unknown[];
      assert.equal(found.slice(0, 3), ['1.0', ['gone/__init__.py'], true]);
      if (found.length > 4) assert.equal(found.slice(3, 5), ['some words', ['more.bin', 'words.txt']]);
      assert.is(found.at(-1), 'never');
    },
  );

  add(
    'files that are there but empty give their true contents',
    {
      files: {
        'app.py': python(
          `import p.lazy, gone\ndef handler():\n    return [p.lazy.WHERE, gone.b.B, open("p/data/words.txt").read(), os.path.getsize("p/data/words.txt")]\n`,
        ),
      },
      out: () => false,
      options: { empty: path => /lazy|gone\/|words/.test(path) },
    },
    async ({ run, task }) => {
      const { value, missed, error } = await run();
      assert.is(error, undefined, JSON.stringify(error));
      assert.equal(value, [`${task}/p/lazy.py`, 1, 'some words', 10]);
      assert.is(missed.length, 4);
    },
  );

  add(
    'what is not there fails as ever',
    {
      files: {
        'app.py': python(`
def handler():
    told = []
    for call in (lambda: open("p/none"), lambda: os.stat("p/none"), lambda: os.listdir("none"), lambda: importlib.import_module("never"), lambda: importlib.import_module("p.never"), lambda: open("p/data/none", "w"), lambda: open("p/data/words.txt", "w"), lambda: open(None), lambda: open("p")):
        try:
            call()
            told.append("fine")
        except Exception as error:
            told.append([type(error).__name__, str(error)])
    return told
`),
      },
      out: path => path.startsWith('p/data') || path.startsWith('gone'),
    },
    async ({ run }) => {
      const { value, missed } = await run();
      assert.equal(value, [
        ['FileNotFoundError', "[Errno 2] No such file or directory: 'p/none'"],
        ['FileNotFoundError', "[Errno 2] No such file or directory: 'p/none'"],
        ['FileNotFoundError', "[Errno 2] No such file or directory: 'none'"],
        ['ModuleNotFoundError', "No module named 'never'"],
        ['ModuleNotFoundError', "No module named 'p.never'"],
        ['FileNotFoundError', "[Errno 2] No such file or directory: 'p/data/none'"],
        ['FileNotFoundError', "[Errno 2] No such file or directory: 'p/data/words.txt'"],
        ['TypeError', 'expected str, bytes or os.PathLike object, not NoneType'],
        ['IsADirectoryError', "[Errno 21] Is a directory: 'p'"],
      ]);
      assert.equal(missed, []);
    },
  );

  add(
    'a module further back on the path does not take the place of one that is gone',
    {
      files: {
        'app.py': python(`sys.path.append(os.path.join(ROOT, "vendor"))
def handler():
    import both, other
    return [both.V, other.V]
`),
        'both/__init__.py': 'V = "root"\n',
        'vendor/both.py': 'V = "vendor"\n',
        'vendor/other.py': 'V = "vendor"\n',
      },
      out: path => path.startsWith('both'),
    },
    async ({ run }) => assert.equal((await run()).value, ['root', 'vendor']),
  );

  add(
    'a handler in a package, and errors with a hint',
    {
      files: {
        'src/__init__.py': 'import gone\n',
        'src/app.py': 'import gone\ndef handler():\n    return [gone.b.B, __name__, __file__[-10:]]\n',
      },
      out: path => path.startsWith('gone'),
      options: { handler: 'src/app.handler' },
    },
    async ({ run }) => {
      const { error } = await run({ LAMBDA_SLIM_REST: '/nowhere' });
      assert.is(error.name, 'ModuleNotFoundError');
      assert.match(
        error.message,
        /^No module named 'gone'\nlambda-slim: gone\/__init__\.py was left out .* it is not in \/nowhere/,
      );
      assert.equal((await run()).value, [1, 'src.app', 'src/app.py']);
    },
  );
}
