import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findPageCache } from '../../src/cold-start/page-cache.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const signal = new AbortController().signal;

if (process.platform === 'linux') {
  test('there is a way, or a reason why there is none', async () => {
    const { report, drop } = await findPageCache({ cwd: '/', signal });
    if (report.kind === 'dropped') await drop([]);
    else await rejects(drop([]), 'PAGE_CACHE_KEPT');
  });

  test('links that lead nowhere, pipes of names and nested folders do not stop it', () =>
    withProject({ 'a/b/c/data': 'x'.repeat(1 << 16), "a/quote'\n$(x)": 'y' }, async dir => {
      const { report, drop } = await findPageCache({ cwd: dir, signal });
      if (report.kind !== 'dropped') return;
      await symlink('nowhere', join(dir, 'a/broken'));
      await symlink('.', join(dir, 'a/loop'));
      await mkdir(join(dir, 'empty'));
      await writeFile(join(dir, 'a/null'), '');
      await drop([dir, join(dir, 'empty'), join(dir, 'gone')]);
    }));
} else {
  test('elsewhere the reason is the system', async () => {
    const { report, drop } = await findPageCache({ cwd: '.', signal });
    assert.is(report.kind, 'not-permitted');
    await rejects(drop([]), 'PAGE_CACHE_KEPT');
  });
}

test('a cancelled run is cancelled', async () => {
  if (process.platform !== 'linux') return;
  await rejects(findPageCache({ cwd: '/', signal: AbortSignal.abort() }), 'CANCELLED');
});

test.run();
