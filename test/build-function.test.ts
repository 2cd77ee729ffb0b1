import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildFunction } from '../src/build-function.ts';
import type { BuildResult, Context } from '../src/types.ts';
import { exec } from '../src/util/exec.ts';
import { withTempDir } from '../src/util/fs.ts';
import { type Files, makeContext, makeFunction, withProject } from './helpers/project.ts';
import { rejects } from './helpers/rejects.ts';

const PROJECT: Files = {
  'package.json': JSON.stringify({ name: 'app', dependencies: { reader: '*' } }),
  'index.mjs': `import read from 'reader'; export const handler = async () => read();`,
  'node_modules/reader/package.json': JSON.stringify({ name: 'reader', version: '1.0.0' }),
  'node_modules/reader/index.js': `module.exports = () => require('fs').readFileSync(__dirname + '/data.txt', 'utf8');`,
  'node_modules/reader/index.d.ts': 'declare const read: () => string; export = read;',
  'node_modules/reader/data.txt': 'data '.repeat(100_000),
  'node_modules/reader/tool.sh': '#!/bin/sh\n',
};

/** Builds the project's function in this process. */
function buildIn(dir: string, context: Partial<Context> = {}): Promise<BuildResult> {
  return withTempDir(workDir =>
    buildFunction(makeFunction(dir), join(dir, 'out/function.zip'), makeContext(workDir, context)),
  );
}

test('the artifact, its manifest, and what the result says of them agree', () =>
  withProject(PROJECT, async dir => {
    const result = await buildIn(dir);
    assert.equal((await readdir(join(dir, 'out'))).sort(), ['function.manifest.json', 'function.zip']);
    const manifest = JSON.parse(await readFile(join(dir, 'out/function.manifest.json'), 'utf8'));
    assert.is(manifest.artifact.sha256, result.artifact?.sha256);
    assert.is(manifest.rules['any-package/type-declarations'].length > 0, true);
    assert.not.match(JSON.stringify(manifest), dir, 'no path of the machine');
    const gone = manifest.removals.find((removal: { path: string }) => removal.path.endsWith('index.d.ts'));
    assert.is(gone.rule, 'any-package/type-declarations');
    assert.equal(
      result.stages.map(({ stage }) => stage),
      ['install', 'collect', 'prune', 'native', 'archive'],
    );
  }));

test('the same bytes under another time zone, umask, locale, set of cores and touched files', () =>
  withProject(PROJECT, async dir => {
    const first = await buildIn(dir);
    for (const path of Object.keys(PROJECT)) await utimes(join(dir, path), new Date(), new Date(2001, 1, 1));
    const script = `
      process.umask(0o077);
      const { makeContext, makeFunction } = await import(${JSON.stringify(new URL('./helpers/project.js', import.meta.url).href)});
      const { buildFunction } = await import(${JSON.stringify(new URL('../src/build-function.js', import.meta.url).href)});
      const result = await buildFunction(makeFunction(${JSON.stringify(dir)}), ${JSON.stringify(join(dir, 'out2/function.zip'))}, makeContext(${JSON.stringify(join(dir, 'out2'))}));
      console.log(result.artifact.sha256);`;
    const env = { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' };
    const node = [process.execPath, '--input-type=module', '-e', script];
    const [command = '', ...args] = process.platform === 'linux' ? ['taskset', '-c', '0', ...node] : node;
    const { stdout } = await exec(command, args, { cwd: dir, env });
    assert.is(stdout.trim(), first.artifact?.sha256);
    const manifests = await Promise.all(
      ['out', 'out2'].map(out => readFile(join(dir, out, 'function.manifest.json'), 'utf8')),
    );
    assert.is(manifests[0], manifests[1]);
  }));

test('nothing changed: the artifact that is there is the result; any change: a new one', () =>
  withProject(PROJECT, dir =>
    withTempDir(async cacheDir => {
      // A file changed in the very millisecond in which a build begins could have been read in either state.
      await setTimeout(20);
      const first = await buildIn(dir, { cacheDir });
      const again = await buildIn(dir, { cacheDir });
      assert.equal([first.upToDate, again.upToDate], [false, true]);
      assert.is(again.artifact?.sha256, first.artifact?.sha256);
      assert.equal(again.findings, first.findings);

      await writeFile(join(dir, 'node_modules/reader/data.txt'), 'other data');
      const changed = await buildIn(dir, { cacheDir });
      assert.is(changed.upToDate, false);
      assert.is.not(changed.artifact?.sha256, first.artifact?.sha256);

      await rm(join(dir, 'out'), { recursive: true });
      const lost = await buildIn(dir, { cacheDir });
      assert.is(lost.upToDate, false);
      assert.is(lost.artifact?.sha256, changed.artifact?.sha256);
    }),
  ));

test('a failed build leaves the artifact that was there as it was', () =>
  withProject(PROJECT, async dir => {
    await buildIn(dir);
    const before = await readFile(join(dir, 'out/function.zip'));
    await writeFile(join(dir, 'index.mjs'), 'export const handler = (');
    await rejects(buildIn(dir), 'BUNDLE_FAILED');
    assert.equal(await readFile(join(dir, 'out/function.zip')), before);
    assert.equal((await readdir(join(dir, 'out'))).sort(), ['function.manifest.json', 'function.zip']);
  }));

test('an output folder that cannot be', () =>
  withProject({ ...PROJECT, out: 'a file in the way' }, async dir => {
    const error = await rejects(buildIn(dir), 'OUTPUT_UNWRITABLE');
    assert.match(error.message, 'in the way');
    assert.is(await readFile(join(dir, 'out'), 'utf8'), 'a file in the way');
  }));

test('Ctrl-C leaves nothing of the build behind', () =>
  withProject({ ...PROJECT, 'data.bin': Buffer.alloc(64 * 1024 * 1024, 'abcdefgh') }, dir =>
    withTempDir(async temp => {
      const run = new URL('../src/cli/run.js', import.meta.url).href;
      const script = `
        const { run } = await import(${JSON.stringify(run)});
        const controller = new AbortController();
        process.on('SIGINT', () => controller.abort());
        process.exitCode = await run(['build', 'index.mjs', '--include', 'data.bin', '--compress', 'max', '--no-cache'], { cwd: ${JSON.stringify(dir)}, env: process.env, stdout: process.stdout, stderr: process.stderr, signal: controller.signal });`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, TMPDIR: temp, CI: '1' },
      });
      let stderr = '';
      let isStopped = false;
      child.stderr.on('data', data => {
        stderr += data;
        // The bundle is done, so the compressor is at work.
        if (!isStopped && /bundle and trace/.test(stderr)) isStopped = child.kill('SIGINT');
      });
      const [code] = await once(child, 'close');
      assert.is(code, 2, stderr);
      assert.match(stderr, 'CANCELLED');
      const left = await readdir(join(dir, 'lambda-slim-out')).catch(() => []);
      assert.equal(left, []);
      assert.equal(
        (await readdir(temp)).filter(name => name.startsWith('lambda-slim')),
        [],
      );
    }),
  ));

test.run();
