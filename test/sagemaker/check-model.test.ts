import { spawnSync } from 'node:child_process';
import { link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/platform/limits.ts';
import { checkArchive, checkModel } from '../../src/sagemaker/check-model.ts';
import { readArchive } from '../../src/sagemaker/read-archive.ts';
import { tellFramework } from '../../src/sagemaker/tell-framework.ts';
import { type Files, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const GIB = 1024 ** 3;
const GOOD = {
  pytorch: ['model.pth', 'code/inference.py'],
  tensorflow: ['1/saved_model.pb', '1/variables/variables.index'],
} as const;

function check(framework: 'pytorch' | 'tensorflow', paths: readonly string[], bytes = 1, archiveBytes = 1) {
  const files = paths.map((path, index) => ({ path, bytes: index === 0 ? bytes : 0 }));
  return checkModel({ framework, files, archiveBytes }).map(({ code, level }) => `${level} ${code}`);
}

test('a good archive of either framework has no finding', () => {
  assert.equal([...check('pytorch', GOOD.pytorch), ...check('tensorflow', GOOD.tensorflow)], []);
});

test('the disk holds the archive and what is unpacked of it, of PyTorch twice', () => {
  const tensorflow = (bytes: number) => check('tensorflow', GOOD.tensorflow, bytes, GIB);
  assert.equal(tensorflow(limits.sagemakerDiskBytes - GIB), []);
  assert.equal(tensorflow(limits.sagemakerDiskBytes - GIB + 1), ['error SAGEMAKER_DISK']);
  const pytorch = (bytes: number) => check('pytorch', GOOD.pytorch, bytes, GIB);
  assert.equal(pytorch(1.5 * GIB), []);
  assert.equal(pytorch(1.5 * GIB + 1), ['warning SAGEMAKER_DISK']);
  assert.equal(pytorch(4 * GIB + 1), ['error SAGEMAKER_DISK']);
});

test('what the containers would not find, or would install at each start', () => {
  assert.equal(check('tensorflow', ['saved_model.pb']), ['error SAGEMAKER_NO_MODEL']);
  assert.equal(check('tensorflow', ['a/saved_model.pb']), ['error SAGEMAKER_NO_MODEL']);
  assert.equal(check('tensorflow', ['0/saved_model.pb']), ['error SAGEMAKER_VERSION_ZERO']);
  assert.equal(check('pytorch', ['readme.txt']), ['error SAGEMAKER_NO_MODEL']);
  assert.equal(check('pytorch', ['model.pth']), ['info SAGEMAKER_NO_SCRIPT'], 'what the container wants');
  assert.equal(check('pytorch', ['a.pt', 'b.pt']), ['warning SAGEMAKER_NO_SCRIPT']);
  const requirements = 'code/requirements.txt';
  assert.equal(check('pytorch', [...GOOD.pytorch, requirements, 'code/lib/a.py']), [
    'warning SAGEMAKER_INSTALLS',
  ]);
  const script = [...GOOD.tensorflow, 'code/inference.py', requirements];
  assert.equal(check('tensorflow', script), ['warning SAGEMAKER_INSTALLS']);
  assert.equal(check('tensorflow', [...script, 'code/lib/a.py']), ['warning SAGEMAKER_REQUIREMENTS_UNREAD']);
  assert.equal(check('tensorflow', [...GOOD.tensorflow, requirements]), []);
});

/** Packs a project with the system's tar, and checks that. */
async function checkPacked(files: Files, args: readonly string[]): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await withProject(files, async dir => {
    const path = join(dir, 'model.tar.gz');
    const packed = spawnSync('tar', ['-czf', path, ...args], { cwd: dir, encoding: 'utf8' });
    assert.is(packed.status, 0, packed.stderr);
    const listing = await readArchive(path, new AbortController().signal);
    const model = { framework: 'pytorch', files: listing.files, archiveBytes: 1 } as const;
    found = checkArchive(model, listing).map(({ code, level }) => `${level} ${code}`);
  });
  return found;
}

const MODEL: Files = { 'm/model.pth': 'w', 'm/code/inference.py': 'x' };

test('archives of others: a folder around all of it, links, and what macOS leaves behind', async () => {
  assert.equal(await checkPacked(MODEL, ['-C', 'm', '.']), []);
  assert.equal(await checkPacked(MODEL, ['-C', 'm', 'model.pth', 'code']), []);
  assert.equal(await checkPacked(MODEL, ['m']), ['error SAGEMAKER_WRAPPED']);
  const linked = { ...MODEL, 'm/latest.pth': '-> model.pth' };
  assert.equal(await checkPacked(linked, ['-C', 'm', '.']), ['error SAGEMAKER_LINKS']);
  assert.equal(await checkPacked(linked, ['-h', '-C', 'm', '.']), []);
  const stray = { ...MODEL, 'm/._model.pth': 'x', 'm/code/.DS_Store': 'x' };
  assert.equal(await checkPacked(stray, ['-C', 'm', '.']), ['warning SAGEMAKER_STRAY']);
});

test('a model that is a link is told as a link, and nothing else', async () => {
  const linked = { ...MODEL, 'm/model.pth': '-> ../w', w: 'w' };
  assert.equal(await checkPacked(linked, ['-C', 'm', '.']), ['error SAGEMAKER_LINKS']);
  assert.is(tellFramework([], 'a', ['model.pth']), 'pytorch');
  assert.throws(() => tellFramework([], 'a', ['model']), /its link model leads to is not in it/);
});

test('members that leave the root or are absolute are errors, of files, folders and second names', async () => {
  const files = { ...MODEL, blob: 'x', 'd/e': 'x' };
  const escapes = 'error ENTRY_ESCAPES';
  assert.equal(await checkPacked(files, ['-P', '-C', 'm', 'model.pth', 'code', '../blob']), [escapes]);
  assert.equal(await checkPacked(files, ['-P', '-C', 'm', 'code', '../d']), [escapes, escapes]);
  assert.equal(await checkPacked(files, ['-P', '--transform', 's|^m/|/m/|', 'm/model.pth']), [escapes]);
  const second = ['-P', '-C', 'm', '../first', 'again', 'code'];
  await withProject(files, async dir => {
    await link(join(dir, 'blob'), join(dir, 'm/again'));
    await link(join(dir, 'blob'), join(dir, 'first'));
    const path = join(dir, 'a.tgz');
    spawnSync('tar', ['-czf', path, ...second], { cwd: dir });
    const listing = await readArchive(path, new AbortController().signal);
    assert.equal([listing.links, listing.escapes], [['again'], ['../first']]);
    const long = `${'n'.repeat(60)}/${'n'.repeat(60)}/../../../out`;
    for (const format of ['gnu', 'pax']) {
      const transform = ['--transform', `s|^first|${long}|`, `--format=${format}`];
      spawnSync('tar', ['-czPf', path, ...transform, 'first', 'm/again'], { cwd: dir });
      const { links } = await readArchive(path, new AbortController().signal);
      assert.equal(links, ['m/again'], `${format}: the end of a long target counts`);
    }
  });
});

test('names of any length and form are read, as GNU tar and as POSIX write them', async () => {
  const long = `${'a'.repeat(120)}/${'b'.repeat(120)}/ünïcode ☃.txt`;
  await withProject({ [`m/${long}`]: 'x'.repeat(1000), 'm/z': '' }, async dir => {
    for (const format of ['gnu', 'pax']) {
      const path = join(dir, `${format}.tgz`);
      spawnSync('tar', [`--format=${format}`, '--sort=name', '-czf', path, '-C', 'm', '.'], { cwd: dir });
      const { files, links } = await readArchive(path, new AbortController().signal);
      assert.equal(
        [files, links],
        [
          [
            { path: long, bytes: 1000 },
            { path: 'z', bytes: 0 },
          ],
          [],
        ],
        format,
      );
    }
  });
});

test('what is no archive, or breaks off, is refused', () =>
  withProject({ ...MODEL, 'text.tar.gz': 'no archive', 'empty.tar.gz': '' }, async dir => {
    const { signal } = new AbortController();
    const says = async (name: string, words: RegExp): Promise<void> =>
      assert.match((await rejects(readArchive(join(dir, name), signal), 'SAGEMAKER_ARCHIVE')).message, words);
    await says('text.tar.gz', /: gzip did not compress it\./);
    await says('gone.tar.gz', /: it is not there\./);
    await says('empty.tar.gz', /: it is empty\./);
    await says('m', /: it is a folder\./);
    spawnSync('tar', ['-czf', 'good.tar.gz', 'm'], { cwd: dir });
    const good = spawnSync('cat', ['good.tar.gz'], { cwd: dir }).stdout;
    await writeFile(join(dir, 'cut.tar.gz'), good.subarray(0, good.length - 12));
    await says('cut.tar.gz', /: it ends too early\./);
    const { gzipSync } = await import('node:zlib');
    await writeFile(join(dir, 'other.tar.gz'), gzipSync(Buffer.alloc(2000, 'x')));
    await says('other.tar.gz', /: it is no tar, or damaged\./);
  }));

test.run();
