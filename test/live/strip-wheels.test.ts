import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openFileSource } from '../../src/elf/byte-sources.ts';
import { hasElfMagic } from '../../src/elf/read-elf.ts';
import { stripFile } from '../../src/elf/strip-file.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { WHEEL_SETS } from './wheel-sets.ts';

const PYTHON = 'python3';
const PIP = ['-m', 'pip', 'install', '-q', '--no-deps', '--no-compile', '--only-binary=:all:', '--target'];

/** Loads each file named on stdin in a child of its own and tells how that went. */
const LOAD_ALL = `
import ctypes, os, sys
for path in sys.stdin.read().split('\\n'):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try: ctypes.CDLL(path, mode=os.RTLD_NOW); word = 'ok'
        except OSError as error: word = str(error)
        os.write(writer, word.encode()); os._exit(0)
    os.close(writer)
    word = os.read(reader, 1 << 16).decode().replace('\\n', ' ')
    status = os.waitpid(child, 0)[1]
    print(word or f'crashed with {status}')
`;

function findElfFiles(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => {
      const source = openFileSource(path);
      try {
        return hasElfMagic(source);
      } finally {
        source.close();
      }
    });
}

async function loadAll(dir: string, files: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await exec(PYTHON, ['-c', LOAD_ALL], { cwd: dir, input: files.join('\n') });
  return stdout.replaceAll(dir, '').split('\n');
}

async function run(dir: string, code: string): Promise<string> {
  const env = { ...process.env, PYTHONPATH: dir, PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '1' };
  return (await exec(PYTHON, ['-c', code], { cwd: dir, env })).stdout;
}

/** The packages of a set that have a wheel for this Python; the others are named and left out. */
async function install(packages: readonly string[], dir: string): Promise<readonly string[]> {
  const installed: string[] = [];
  for (const name of packages) {
    const done = await exec(PYTHON, [...PIP, dir, name], { cwd: '.' }).catch(() => null);
    if (done) installed.push(name);
    else console.log(`\nskipped ${name}: no wheel for this Python, or no registry`);
  }
  return installed;
}

const isPossible = process.platform === 'linux' && process.arch === 'x64';

for (const { packages, support, computations } of isPossible ? WHEEL_SETS : []) {
  test(`${packages.join(', ')}: every library loads and computes as before`, () =>
    withTempDir(async dir => {
      const original = join(dir, 'original');
      const stripped = join(dir, 'stripped');
      const installed = await install([...support, ...packages], original);
      if (!packages.some(name => installed.includes(name))) return;
      cpSync(original, stripped, { recursive: true });
      const files = findElfFiles(original).map(path => path.slice(original.length + 1));
      const results = files.map(file => stripFile(join(stripped, file), join(stripped, file)));
      const kept = results.flatMap((result, at) =>
        result.outcome === 'kept' ? [`${files[at]}: ${result.reason}`] : [],
      );
      assert.equal(kept, [], 'no file had to be kept as it was');
      assert.ok(results.filter(({ outcome }) => outcome === 'stripped').length > 0.8 * files.length);
      const paths = (root: string) => files.map(file => join(root, file));
      assert.equal(await loadAll(stripped, paths(stripped)), await loadAll(original, paths(original)));
      for (const [name, code] of Object.entries(computations)) {
        if (!installed.some(each => each.startsWith(`${name}==`))) continue;
        assert.is(await run(stripped, code), await run(original, code), name);
      }
    }));
}

if (isPossible) {
  test('patchelf still works on a stripped library, and what it made is stripped again', () =>
    withTempDir(async dir => {
      const installed = await install(['patchelf'], join(dir, 'tools'));
      if (installed.length === 0) return;
      const path = join(dir, 'library.so');
      for (const name of ['plain.so', 'plain-patched.so', 'packed-relocs.so', 'lld.so']) {
        assert.is(stripFile(join('fixtures/elf/strip', name), path).outcome, 'stripped');
        const tool = join(dir, 'tools/bin/patchelf');
        await exec(tool, ['--set-rpath', `$ORIGIN/${'deep/'.repeat(60)}`, path], { cwd: dir });
        const code = `import ctypes; print(ctypes.CDLL('${path}').answer())`;
        assert.is((await exec(PYTHON, ['-c', code], { cwd: dir })).stdout, '402', name);
        assert.is.not(stripFile(path, path).outcome, 'kept', `${name} again`);
        assert.is((await exec(PYTHON, ['-c', code], { cwd: dir })).stdout, '402', `${name} again`);
        assert.ok(readFileSync(path).length < readFileSync(join('fixtures/elf/strip', name)).length);
      }
    }));
}

test.run();
