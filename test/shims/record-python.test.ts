import { spawnSync } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readLogs } from '../../src/exact/read-log.ts';
import { type Files, withProject } from '../helpers/project.ts';
import { PYTHON } from '../helpers/python-artifact.ts';

/** Runs `main.py` of a project with the recorder, and gives what it printed and touched. */
function record(files: Files, env: Readonly<Record<string, string>> = {}) {
  return withProject(files, async dir => {
    const [logs, recorder, cwd] = [join(dir, 'logs'), join(dir, 'recorder'), join(dir, 'task')];
    for (const folder of [logs, recorder]) await mkdir(folder);
    await copyFile('src/shims/lambda_slim_record.py', join(recorder, 'sitecustomize.py'));
    const { stdout, stderr, status } = spawnSync(PYTHON, ['main.py'], {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        PYTHONPATH: `${recorder}:${join(dir, 'own')}`,
        LAMBDA_SLIM_RECORD: logs,
        LAMBDA_TASK_ROOT: cwd,
        ...env,
      },
    });
    const { read, looked, listed } = await readLogs(logs);
    return { stdout, stderr, status, read, looked, listed };
  });
}

test('reads, imports, looks and listings are told, in children as well', async () => {
  const { read, looked, listed, status, stderr } = await record({
    'task/main.py': `
import ctypes, glob, multiprocessing, os, pathlib, pkgutil, shutil, sqlite3, subprocess, sys
import pkg.a
def work():
    open('by-child').read()
if __name__ == '__main__':
    open('opened').read()
    pathlib.Path('by-path').read_text()
    os.close(os.open('by-os', os.O_RDONLY))
    shutil.copy('copied', '../copy')
    pkgutil.get_data('pkg', 'data.txt')
    sqlite3.connect('file.db').close()
    try:
        subprocess.run(['./run.sh'])
    except OSError:
        pass
    subprocess.run([sys.executable, '-c', 'open("by-program").read()'], check=True)
    try:
        ctypes.CDLL(os.path.abspath('broken.so'))
    except OSError:
        pass
    for method in ('fork', 'spawn'):
        process = multiprocessing.get_context(method).Process(target=work)
        process.start()
        process.join()
        assert process.exitcode == 0
    assert os.path.exists('seen') and not os.path.exists('missing')
    assert pathlib.Path('seen-by-path').is_file() and os.access('seen-by-access', os.R_OK)
    assert os.listdir('list') == ['x'] and glob.glob('glob/*') and [*os.walk('walk')] and [*pathlib.Path('iter').iterdir()]
`,
    'task/pkg/__init__.py': '',
    'task/pkg/a.py': 'from . import b',
    'task/pkg/b.py': '',
    'task/pkg/c.py': '',
    'task/pkg/data.txt': '',
    ...Object.fromEntries(
      [
        'opened',
        'by-path',
        'by-os',
        'copied',
        'file.db',
        'run.sh',
        'by-program',
        'broken.so',
        'by-child',
        'seen',
      ]
        .concat(['seen-by-path', 'seen-by-access', 'list/x', 'glob/x', 'walk/x', 'iter/x', 'never'])
        .map(name => [`task/${name}`, '']),
    ),
  });
  assert.is(status, 0, stderr);
  const loaded = [...read].filter(path => !path.endsWith('.pyc')).sort();
  assert.equal(loaded, [
    'broken.so',
    'by-child',
    'by-os',
    'by-path',
    'by-program',
    'copied',
    'file.db',
    'main.py',
    'opened',
    'pkg/__init__.py',
    'pkg/a.py',
    'pkg/b.py',
    'pkg/data.txt',
    'run.sh',
  ]);
  for (const name of ['seen', 'seen-by-path', 'seen-by-access']) assert.ok(looked.has(name), name);
  for (const name of ['list', 'glob', 'walk', 'iter']) assert.ok(listed.has(name), name);
  assert.not.ok(listed.has('pkg'), 'the listings of the import system are not told');
});

test('the sitecustomize that it stands in front of is loaded, and its own folder is not on the path', async () => {
  const main =
    'import os, sys, sitecustomize; print(sitecustomize.MINE, any("recorder" in p for p in sys.path))';
  const { stdout, stderr } = await record({ 'task/main.py': main, 'own/sitecustomize.py': 'MINE = 7' });
  assert.is(stdout, '7 False\n', stderr);
});

test('it changes no result', async () => {
  const main = `
import os, pathlib, shutil
class Holder:
    stat = os.stat
print(Holder().stat('main.py').st_size, os.stat in os.supports_follow_symlinks, os.scandir in os.supports_fd, shutil.rmtree.avoids_symlink_attacks)
print(os.stat.__name__, os.listdir(path='.'), os.listdir(os.open('.', os.O_RDONLY)))
with os.scandir() as found:
    print([entry.name for entry in found])
for call in (lambda: os.stat('none'), lambda: os.stat(), lambda: os.listdir(b'none'), lambda: os.access('x')):
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
`;
  const recorded = await record({ 'task/main.py': main });
  const plain = await record({ 'task/main.py': main }, { PYTHONPATH: '' });
  assert.is(plain.status, 0, plain.stderr);
  assert.is(recorded.stdout, plain.stdout, recorded.stderr);
  const lost = await record({ 'task/main.py': main }, { LAMBDA_SLIM_RECORD: '/nowhere/at/all' });
  assert.is(lost.stdout, plain.stdout, 'a folder that is not there is no failure');
});

test.run();
