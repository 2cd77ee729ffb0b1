import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';

/** Files that a module imports at run time, and those that these import. */
async function listImports(path: string, seen: Set<string>): Promise<ReadonlySet<string>> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const code = (await readFile(path, 'utf8')).replace(/^(?:import|export) type [^;]*;$/gm, '');
  for (const [, from = ''] of code.matchAll(/\bfrom '(\.[^']+)'/g))
    await listImports(posix.join(posix.dirname(path), from), seen);
  return seen;
}

test('an installed package has the sources of the function that syncs, which is built from them', async () => {
  const { stdout } = await exec('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: '.' });
  const [{ files }] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
  const packed = new Set(files.map(({ path }) => path));
  const needed = await listImports('src/handlers/efs-sync/index.ts', new Set());
  assert.ok(needed.size > 20);
  assert.equal(
    [...needed].filter(path => !packed.has(path)),
    [],
  );
});

test.run();
