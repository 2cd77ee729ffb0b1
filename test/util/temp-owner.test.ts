import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../src/util/fs.ts';
import { sweepTempDirs } from '../../src/util/temp-owner.ts';

const CODE = `
  import { withTempDir } from ${JSON.stringify(new URL('../../src/util/fs.js', import.meta.url).href)};
  await withTempDir(dir => new Promise(() => { console.log(dir); setInterval(() => {}, 1000); }));`;

/** A process with a temporary folder in `parent`. */
async function startOwner(parent: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CODE], {
    env: { ...process.env, TMPDIR: parent },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, dir: String(line).trim() };
}

if (process.platform === 'linux') {
  test("a folder of a process that was killed is removed, with what is in it; nobody else's is", () =>
    withTempDir(async parent => {
      const { child, dir } = await startOwner(parent);
      assert.is(dirname(dir), parent);
      await mkdir(join(dir, 'work'));
      await writeFile(join(dir, 'work/big'), 'x');
      // Another machine, or a container with processes of its own.
      const foreign = basename(dir).replace(/^lambda-slim-\w+/, 'lambda-slim-00000000');
      await mkdir(join(parent, foreign));
      await mkdir(join(parent, 'lambda-slim-x'));
      await mkdir(join(parent, 'outside'));
      await writeFile(join(parent, 'outside/kept'), '');
      await symlink('outside', join(parent, `${basename(dir)}x`));
      const others = ['lambda-slim-x', foreign, 'outside', `${basename(dir)}x`];
      await sweepTempDirs(parent);
      assert.equal((await readdir(parent)).sort(), [...others, basename(dir)].sort(), 'its process lives');
      child.kill('SIGKILL');
      await once(child, 'close');
      const { child: next, dir: its } = await startOwner(parent);
      assert.equal((await readdir(parent)).sort(), [...others, basename(its)].sort(), 'the next run swept');
      assert.equal(await readdir(join(parent, 'outside')), ['kept']);
      next.kill('SIGKILL');
      await once(next, 'close');
    }));
}

test.run();
