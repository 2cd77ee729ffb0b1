import { link, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildKey, recallBuild, rememberBuild } from '../../src/freshness/remembered-build.ts';
import type { BuildResult } from '../../src/types.ts';
import { toArtifactPath } from '../../src/util/path.ts';
import { NODEJS24, withProject } from '../helpers/project.ts';

const RESULT: BuildResult = {
  name: 'function',
  handler: 'index.handler',
  platform: { runtime: NODEJS24, os: 'linux', arch: 'x64', libc: 'glibc' },
  artifact: null,
  tree: {
    entries: [
      {
        kind: 'file',
        path: toArtifactPath('index.mjs'),
        source: { kind: 'memory', data: Buffer.from('code') },
        bytes: 4,
        mode: 0o644,
        origin: { kind: 'entry', inputs: [] },
      },
    ],
    packages: [],
    removals: [],
  },
  stages: [],
  findings: [],
  timings: [{ stage: 'collect', ms: 1 }],
  native: { files: [], shared: [], compressed: null },
  tmpMiB: 512,
  memoryMiB: 1024,
  timeoutMs: 30_000,
  exact: null,
  verification: null,
  compileCache: null,
  bytecode: null,
  efs: null,
  upToDate: false,
};

const KEY = buildKey({ a: 1 });

/** Remembers a build over two inputs and one output, lets `change` happen, and says whether it is still recalled. */
function survives(
  change: (dir: string) => Promise<unknown>,
  startedMs = Date.now() + 60_000,
): Promise<boolean> {
  return withProject({ 'src/a.ts': 'a', 'src/b.ts': 'b', 'out/function.zip': 'zip' }, async dir => {
    const cacheDir = join(dir, 'cache');
    const inputs = [join(dir, 'src/a.ts'), join(dir, 'src/b.ts')];
    const outputs = [join(dir, 'out/function.zip')];
    await rememberBuild(cacheDir, KEY, { result: RESULT, inputs, outputs, startedMs });
    await change(dir);
    return (await recallBuild(cacheDir, KEY)) !== null;
  });
}

test('nothing changed: the result comes back, marked as up to date', () =>
  withProject({ 'src/a.ts': 'a' }, async dir => {
    await rememberBuild(dir, KEY, {
      result: RESULT,
      inputs: [join(dir, 'src/a.ts')],
      outputs: [],
      startedMs: Date.now() + 60_000,
    });
    const recalled = await recallBuild(dir, KEY);
    assert.is(recalled?.upToDate, true);
    assert.is(recalled?.handler, 'index.handler');
    assert.equal(recalled?.timings, []);
    assert.is(await recallBuild(dir, buildKey({ a: 2 })), null);
  }));

test('a folder that is watched, there or not, makes it build anew when a file comes up in it', async () => {
  for (const folder of ['data/', 'data/later/']) {
    await withProject({ 'src/a.ts': 'a', 'data/other.json': '{}' }, async dir => {
      const inputs = [join(dir, 'src/a.ts'), join(dir, folder)];
      const remembered = { result: RESULT, inputs, outputs: [], startedMs: Date.now() + 60_000 };
      await rememberBuild(join(dir, 'cache'), KEY, remembered);
      assert.ok(await recallBuild(join(dir, 'cache'), KEY), folder);
      await mkdir(join(dir, folder), { recursive: true });
      await writeFile(join(dir, folder, 'cfg.json'), '{}');
      assert.is(await recallBuild(join(dir, 'cache'), KEY), null, folder);
    });
  }
});

test('any change makes it build anew', async () => {
  assert.is(await survives(async () => {}), true);
  assert.is(await survives(dir => writeFile(join(dir, 'src/a.ts'), 'A')), false, 'content');
  assert.is(await survives(dir => rm(join(dir, 'src/b.ts'))), false, 'vanished');
  assert.is(
    await survives(dir => writeFile(join(dir, 'src/c.ts'), 'new')),
    false,
    'a new file that may shadow another',
  );
  assert.is(await survives(dir => rm(join(dir, 'out/function.zip'))), false, 'the artifact is gone');
  assert.is(
    await survives(dir => writeFile(join(dir, 'out/function.zip'), 'pip')),
    false,
    'the artifact was changed',
  );
});

test('a change that keeps size and mtime is seen', async () => {
  const sneak = async (dir: string): Promise<void> => {
    const file = join(dir, 'src/a.ts');
    const time = new Date(1_000_000_000_000);
    await writeFile(`${file}.new`, 'X');
    await utimes(`${file}.new`, time, time);
    await rename(`${file}.new`, file);
  };
  assert.is(await survives(sneak), false);
  assert.is(
    await survives(dir => link(join(dir, 'src/a.ts'), join(dir, 'other'))),
    false,
    'ctime counts too',
  );
});

test('a build whose inputs changed while it ran is not remembered', async () => {
  assert.is(await survives(async () => {}, 0), false);
});

test('a damaged memory is no memory', async () => {
  const spoil = async (dir: string): Promise<void> => {
    const file = join(dir, 'cache/builds', `${KEY}.json`);
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 50));
  };
  assert.is(await survives(spoil), false);
});

test.run();
