import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Tree } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { compressFolder, PYTHON } from '../helpers/python-artifact.ts';
import { makeInput } from '../native/compress/make-input.ts';
import { withPython } from './rest-python.ts';

const LIBRARY = Buffer.concat([Buffer.alloc(150_000, 'lambda'), randomBytes(20_000)]);

const FILES = {
  'app.py': `import os
def handler():
    import big, big.more, big.inner.deep, big.late
    data = os.path.join(os.path.dirname(big.__file__), "data")
    with open(os.path.join(data, "words.txt")) as file:
        words = file.read()
    return [big.SIZE, big.more.MORE, big.more.SAME, big.inner.deep.DEEP, big.late.LATE, words, sorted(os.listdir(data)), other()]
def other():
    import other
    return other.OTHER
`,
  'big/__init__.py': `import os
with open(os.path.join(os.path.dirname(__file__), "lib", "libbig.so"), "rb") as file:
    SIZE = len(file.read())
`,
  'big/more.py': 'import big\nMORE = 1\nSAME = __name__\n',
  'big/inner/__init__.py': '',
  'big/inner/deep.py': 'DEEP = 2\n',
  'big/late.py': 'LATE = 3\n',
  'big/data/words.txt': 'words',
  'big/data/kept.txt': 'kept',
  'big/lib/libbig.so': LIBRARY,
  'other.py': 'OTHER = 4\n',
};

const { natives } = makeInput('python', { 'big/lib/libbig.so': {} });

/** Lets the library travel compressed, so that the package is imported from a mirror. */
function compress(handler: string): (tree: Tree) => Promise<Tree> {
  return tree =>
    withTempDir(async dir => {
      await layOutTree(tree.entries, join(dir, 'raw'));
      const options = { natives, choice: { minBytes: 0 }, workDir: dir };
      const { tree: made } = await compressFolder(join(dir, 'raw'), join(dir, 'task'), options);
      assert.ok(
        made.entries.some(({ path }) => path.startsWith('.lambda-slim/0-libbig')),
        handler,
      );
      return inMemory(made);
    });
}

/** Its files are gone when it is laid out. */
async function inMemory(tree: Tree): Promise<Tree> {
  const { readFile } = await import('node:fs/promises');
  const entries = tree.entries.map(async entry => {
    if (entry.kind === 'link' || entry.source.kind === 'memory') return entry;
    return { ...entry, source: { kind: 'memory' as const, data: await readFile(entry.source.path) } };
  });
  return { ...tree, entries: await Promise.all(entries) };
}

if (PYTHON !== '') {
  const gone = /^(big\/(more|inner|data\/words)|other)/;
  for (const handler of ['app.handler', 'big/entry.handler']) {
    test(`a package with a compressed library, of which other files are gone: ${handler}`, () =>
      withPython(
        PYTHON,
        {
          files: { ...FILES, 'big/entry.py': FILES['app.py'] },
          out: path => gone.test(path),
          options: { handler, furnish: compress(handler), empty: path => path === 'big/late.py' },
        },
        async ({ run }) => {
          const { value, missed, error } = await run();
          assert.is(error, undefined, JSON.stringify(error));
          assert.equal(value, [LIBRARY.length, 1, 'big.more', 2, 3, 'words', ['kept.txt', 'words.txt'], 4]);
          const names = ['big/data/words.txt', 'big/inner/__init__.py', 'big/inner/deep.py'];
          assert.equal(missed, [...names, 'big/late.py', 'big/more.py', 'other.py']);
        },
      ));
  }
}

test.run();
