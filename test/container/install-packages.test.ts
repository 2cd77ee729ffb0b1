import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_MANAGER, SCRIPT } from '../../src/container/install-packages.ts';
import { exec } from '../../src/util/exec.ts';
import { orNull } from '../../src/util/fs.ts';
import { withProject } from '../helpers/project.ts';

const REMEMBER = `#!/bin/sh\necho "\${0##*/} $@" >> "$ASKED"\n`;

/** What the script asks for, in an image that has these programs, and how it ends. */
function ask(programs: Readonly<Record<string, string>>, ...packages: readonly string[]): Promise<string> {
  return withProject({ 'bin/.keep': '', ...programs }, async dir => {
    for (const name of Object.keys(programs)) await exec('chmod', ['755', join(dir, name)], { cwd: dir });
    await mkdir(join(dir, 'sh'));
    await symlink('/bin/sh', join(dir, 'sh/sh'));
    const env = { PATH: `${join(dir, 'bin')}:${join(dir, 'sh')}`, ASKED: join(dir, 'asked') };
    const code = await exec('/bin/sh', ['-c', SCRIPT, 'sh', ...packages], { cwd: dir, env }).then(
      () => 0,
      error => error.cause.exitCode,
    );
    return `${(await orNull(readFile(join(dir, 'asked'), 'utf8'))) ?? ''}${code}`;
  });
}

const NONE = { 'bin/rpm': '#!/bin/sh\nexit 1\n' };
const ALL = { 'bin/rpm': '#!/bin/sh\nexit 0\n' };
const ONLY_GCC = { 'bin/dpkg-query': '#!/bin/sh\n[ "$4" = gcc ] && echo installed\n' };
const APT = { 'bin/apt-get': REMEMBER };

if (process.platform !== 'win32') {
  test('the package manager that the image has is used', async () => {
    assert.is(
      await ask({ ...NONE, 'bin/dnf': REMEMBER, 'bin/yum': REMEMBER }, 'g++', 'gcc'),
      'dnf install -y g++ gcc\n0',
    );
    assert.is(await ask({ ...NONE, 'bin/microdnf': REMEMBER }, 'gcc'), 'microdnf install -y gcc\n0');
    assert.is(await ask({ ...NONE, 'bin/yum': REMEMBER }, 'gcc'), 'yum install -y gcc\n0');
    assert.is(
      await ask({ ...ONLY_GCC, ...APT }, 'gcc', 'gfortran'),
      'apt-get update\napt-get install -y --no-install-recommends gcc gfortran\n0',
    );
  });

  test('what is there already is not asked for', async () => {
    assert.is(await ask({ ...ALL, 'bin/dnf': REMEMBER }, 'gcc'), '0');
    assert.is(await ask({ ...ONLY_GCC, ...APT }, 'gcc'), '0');
  });

  test('no package manager, and one that fails', async () => {
    assert.is(await ask({}, 'gcc'), String(NO_MANAGER));
    assert.is(await ask({ ...NONE, 'bin/dnf': '#!/bin/sh\nexit 1\n' }, 'gcc'), '1');
    assert.is(await ask({ 'bin/apt-get': '#!/bin/sh\nexit 100\n' }, 'gcc'), '100');
  });
}

test.run();
