import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeAnyPython, describePython, findPython } from '../../src/lambda/find-python.ts';
import { withProject } from '../helpers/project.ts';

const options = { cwd: process.cwd(), signal: new AbortController().signal };
const VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';

test('finds the Python of a version by what it says of itself, and no other', async () => {
  const version = execFileSync('python3', ['-c', VERSION], { encoding: 'utf8' }).trim();
  const path = await findPython(version, options);
  assert.is(execFileSync(path as string, ['-c', VERSION], { encoding: 'utf8' }).trim(), version);
  assert.is(await findPython('3.99', options), null);
});

test('any Python 3 will do where the version does not matter, each once, those of the version first', async () => {
  const version = execFileSync('python3', ['-c', VERSION], { encoding: 'utf8' }).trim();
  const found = [];
  for await (const each of describeAnyPython(version, options)) found.push(each);
  assert.ok(found[0]?.version.startsWith(`${version}.`));
  assert.ok(found.every(each => each.version.startsWith('3.')));
  assert.is(new Set(found.map(({ path }) => path)).size, found.length);
  for await (const each of describeAnyPython('3.99', options)) {
    assert.ok(each.version.startsWith('3.'));
    break;
  }
});

if (process.platform === 'linux') {
  test('one that only uv knows is found, with the folders of its library', () =>
    withProject({}, async dir => {
      const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
        encoding: 'utf8',
      }).trim();
      const version = execFileSync(python, ['-c', VERSION], { encoding: 'utf8' }).trim();
      const script = `#!/bin/sh\n[ "$*" = "python find --no-python-downloads ${version}" ] && echo ${python}\n`;
      await writeFile(join(dir, 'uv'), script, { mode: 0o755 });
      const { PATH, PYENV_ROOT } = process.env;
      Object.assign(process.env, { PATH: dir, PYENV_ROOT: dir });
      try {
        const found = await describePython(version, options);
        assert.is(found?.path, python);
        assert.ok(found?.version.startsWith(`${version}.`));
        assert.ok(found?.prefixes.some(prefix => python.startsWith(prefix)));
        assert.is(await describePython('3.99', options), null);
      } finally {
        Object.assign(process.env, { PATH });
        if (PYENV_ROOT === undefined) delete process.env.PYENV_ROOT;
        else process.env.PYENV_ROOT = PYENV_ROOT;
      }
    }));
}

test.run();
