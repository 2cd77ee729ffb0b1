import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type BuildResult, build, check, type Options } from '../../src/index.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { invokeArtifact } from '../helpers/invoke.ts';

async function buildBundled(dir: string, options: Options): Promise<BuildResult> {
  const [result] = await build({
    function: ['resnet'],
    out: join(dir, 'out'),
    cacheDir: join(dir, 'cache'),
    ...options,
  });
  return result as BuildResult;
}

async function predict(result: BuildResult, dir: string): Promise<unknown> {
  const event = JSON.parse(await readFile('fixtures/events/invoke-image.json', 'utf8'));
  const settings = { cacheDir: join(dir, 'cache'), timeoutMs: 60_000, event };
  const { answer, error } = await withTempDir(workDir =>
    invokeArtifact(result.artifact?.path ?? '', workDir, settings),
  );
  assert.is(error, null, JSON.stringify(error));
  return answer;
}

if (process.platform === 'linux' && process.arch === 'x64') {
  test('the bundled function is under 25 MB unzipped, and names the same things', () =>
    withTempDir(async dir => {
      const plain = await buildBundled(dir, {});
      const expected = await predict(plain, dir);
      const small = await buildBundled(dir, { compressLibraries: true });
      assert.ok(
        (small.artifact?.unzippedBytes ?? Number.NaN) < 25_000_000,
        `${small.artifact?.unzippedBytes}`,
      );
      assert.equal(await predict(small, dir), expected);
      const { compressed } = small.native;
      assert.equal([compressed?.format, compressed?.files.length], ['zstd', 2]);
      assert.ok((compressed?.inflate?.peakBytes ?? 0) > 0, 'inflating was measured');
      const inflated = compressed?.files.reduce((sum, { bytes }) => sum + bytes, 0) ?? Number.NaN;
      assert.ok((compressed?.tmpBytes ?? 0) >= inflated, 'all of them have room');

      const zip = small.artifact?.path ?? '';
      assert.equal((await check(zip, { runtime: 'nodejs24.x', arch: 'x64' })).findings, []);
      const [unfit] = (await check(zip, { runtime: 'nodejs20.x', arch: 'x64' })).findings.filter(
        ({ code }) => code === 'INFLATE_UNSUPPORTED',
      );
      assert.ok(unfit);
    }));

  test('brotli for nodejs20.x, and together with a compile cache on nodejs22.x', () =>
    withTempDir(async dir => {
      const fast = { compressLibraries: true, compress: 'fast' } as const;
      const old = await buildBundled(dir, { ...fast, runtime: 'nodejs20.x' });
      assert.is(old.native.compressed?.format, 'brotli');
      const cached = await buildBundled(dir, {
        ...fast,
        runtime: 'nodejs22.x',
        compileCache: true,
        out: join(dir, 'cached'),
      });
      assert.is(cached.native.compressed?.format, 'zstd');
      assert.ok(cached.compileCache);
      assert.equal(await predict(cached, dir), await predict(old, dir));
    }));
}

test.run();
