import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { librarySteps } from '../../../src/collect/vendored/library-steps.ts';
import { findRuntime } from '../../../src/platform/runtimes.ts';
import { CONTAINER, withProject } from '../../helpers/project.ts';
import { rejects } from '../../helpers/rejects.ts';

/** The lists that the script in the container reads; null where it does not run. */
async function listsFor(vendorLibraries: true | readonly string[], runtime = 'nodejs24.x') {
  return withProject({ '.keep': '' }, async dir => {
    const platform = { runtime: findRuntime(runtime), os: 'linux', arch: 'x64', libc: 'glibc' } as const;
    const steps = await librarySteps({ ...CONTAINER, vendorLibraries }, platform, 'tree', dir);
    if (steps.length === 0) return { lists: null, names: await readdir(dir) };
    const read = async (name: string): Promise<readonly string[]> =>
      (await readFile(join(dir, 'libraries', name), 'utf8')).split('\n').filter(Boolean);
    return { lists: { wanted: await read('wanted'), provided: await read('provided') }, names: steps };
  });
}

test('nothing is taken unless it is asked for', async () => {
  assert.equal(await listsFor([]), { lists: null, names: ['.keep'] });
});

test('all that is missing: glibc and what else Lambda brings is never taken', async () => {
  const { lists } = await listsFor(true);
  assert.equal(lists?.wanted, []);
  for (const name of ['libc.so.6', 'ld-linux-x86-64.so.2', 'libstdc++.so.6', 'libssl.so.3'])
    assert.ok(lists?.provided.includes(name), name);
  assert.not.ok(lists?.provided.includes('libgomp.so.1'));
});

test('Python has its own library, and what sources disagree on is taken only when it is named', async () => {
  const all = await listsFor(true, 'python3.11');
  assert.ok(all.lists?.provided.includes('libpython3.11.so.1.0'));
  assert.ok(all.lists?.provided.includes('libcrypt.so.1'));
  const named = await listsFor(['libcrypt.so.1'], 'python3.11');
  assert.equal(named.lists?.wanted, ['libcrypt.so.1']);
  assert.not.ok(named.lists?.provided.includes('libcrypt.so.1'));
});

test('a library that Lambda has is refused, since its own is found first', async () => {
  for (const name of ['libc.so.6', 'libstdc++.so.6']) {
    const error = await rejects(listsFor([name]), 'CONTAINER_LIBRARY_PROVIDED');
    assert.match(error.message, name);
  }
});

test('what only fits the rest of its glibc is refused, and not taken where all is', async () => {
  const parts = ['libmemusage.so', 'libpcprofile.so', 'libnss_compat.so.2', 'libthread_db.so.1'];
  for (const name of parts) await rejects(listsFor([name]), 'CONTAINER_LIBRARY_PROVIDED');
  const { lists } = await listsFor(true);
  for (const name of [...parts, 'libBrokenLocale.so.1', 'libanl.so.1', 'ld-linux-x86-64.so.2'])
    assert.ok(lists?.provided.includes(name), name);
  assert.not.ok(lists?.provided.includes('libnsl.so.1'), 'which programs for Oracle need');
});

test.run();
