import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findTools } from '../../../../src/collect/python/install/find-tools.ts';
import { makeContext, withProject } from '../../../helpers/project.ts';
import { offlineEnv, pythonPlatform } from '../../../helpers/python-project.ts';
import { rejects } from '../../../helpers/rejects.ts';

const { runtime } = pythonPlatform();

/** Runs with a PATH of this process that has nothing but `dir`. */
async function withPath<T>(dir: string, use: () => Promise<T>): Promise<T> {
  const { PATH, PYENV_ROOT } = process.env;
  Object.assign(process.env, { PATH: dir, PYENV_ROOT: dir });
  try {
    return await use();
  } finally {
    Object.assign(process.env, { PATH });
    if (PYENV_ROOT === undefined) delete process.env.PYENV_ROOT;
    else process.env.PYENV_ROOT = PYENV_ROOT;
  }
}

test('any Python with pip will do', () =>
  withProject({}, async dir => {
    const { uv, pip } = await findTools(runtime, { ...makeContext(dir), env: offlineEnv(dir) });
    assert.is(uv, null);
    assert.match(pip.version, /^\d+\.\d.* of Python 3\.\d+/);
    assert.match(pip.args[0] ?? '', /pip_for_target\.py$/);
  }));

if (process.platform === 'linux') {
  test('where there is nothing it says so, and what was not found is looked for again', () =>
    withProject({}, dir =>
      withPath(dir, async () => {
        const context = { ...makeContext(dir), env: { PATH: dir } };
        const error = await rejects(findTools(runtime, context), 'PYTHON_INSTALLER_MISSING');
        assert.match(error.message, /neither uv nor a Python 3 with pip/);
        await writeFile(join(dir, 'uv'), '#!/bin/sh\necho uv 0.13.9\n', { mode: 0o755 });
        const { uv, pip } = await findTools(runtime, context);
        assert.equal(uv, { command: 'uv', version: '0.13.9', python: null });
        assert.equal([pip.command, pip.args.includes('--with')], ['uv', true]);
      }),
    ));
}

test.run();
