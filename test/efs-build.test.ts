import { readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildFunction } from '../src/build-function.ts';
import { planFunction } from '../src/pipeline.ts';
import { limits } from '../src/platform/limits.ts';
import { findRuntime } from '../src/platform/runtimes.ts';
import type { BuildResult, Context, ResolvedFunction } from '../src/types.ts';
import { withTempDir } from '../src/util/fs.ts';
import { readZipDirectory } from '../src/zip/read-zip.ts';
import { HOST_ARCH, invokeArtifact } from './helpers/invoke.ts';
import { type Files, makeContext, makeFunction, withProject } from './helpers/project.ts';
import { rejects } from './helpers/rejects.ts';

/** The runtime of the Node.js that runs the tests, so that none is fetched. */
const runtime = findRuntime(`nodejs${process.versions.node.split('.')[0]}.x`);

const PROJECT: Files = {
  'package.json': JSON.stringify({ name: 'app', dependencies: { reader: '1.0.0' } }),
  'package-lock.json': '{"lockfileVersion":3}',
  'index.mjs': `import fs from 'node:fs'; import reader from 'reader';
const dir = process.env.MODEL_DIR ?? new URL('model', import.meta.url).pathname;
export const handler = async () => [reader(), fs.readFileSync(dir + '/net.bin', 'latin1').length, fs.readFileSync(new URL('words.txt', import.meta.url), 'utf8')];`,
  'words.txt': 'words',
  'model/net.bin': 'x'.repeat(9000),
  'node_modules/reader/package.json': JSON.stringify({ name: 'reader', version: '1.0.0' }),
  'node_modules/reader/index.js': `module.exports = () => require('fs').readFileSync(__dirname + '/data.txt', 'utf8').length;`,
  'node_modules/reader/index.d.ts': 'declare const read: () => string; export = read;',
  'node_modules/reader/data.txt': 'data '.repeat(1000),
};

const EFS = {
  files: ['model/**'],
  environment: { MODEL_DIR: '{root}/model' },
  mount: '/mnt/ml',
  store: '/mnt/ml/app',
  off: [],
} as const;

function fnIn(dir: string, options: Partial<ResolvedFunction> = {}): ResolvedFunction {
  return makeFunction(dir, {
    platform: { runtime, os: 'linux', arch: HOST_ARCH, libc: 'glibc' },
    include: ['model/**', 'words.txt'],
    external: ['reader'],
    target: 'efs',
    efs: EFS,
    ...options,
  });
}

function buildIn(
  dir: string,
  options: Partial<ResolvedFunction> = {},
  context: Partial<Context> = {},
): Promise<BuildResult> {
  return withTempDir(workDir =>
    buildFunction(fnIn(dir, options), join(dir, 'out/function.zip'), makeContext(workDir, context)),
  );
}

/** Of the runtime that happens to run the tests they say nothing. */
const codesOf = ({ findings }: BuildResult): readonly string[] =>
  findings.map(({ code }) => code).filter(code => code !== 'RUNTIME_DEPRECATED');

const VERIFIED = { enabled: true, events: [], tolerance: 0, headers: [], ignore: [] };

test('packages and named files lie in the bundle, the rest in the zip; result and manifest name the release', () =>
  withProject(PROJECT, async dir => {
    const result = await buildIn(dir);
    const { artifact, efs, stages, tree } = result;
    assert.equal((await readdir(join(dir, 'out'))).sort(), [
      'function.bundle',
      'function.manifest.json',
      'function.zip',
    ]);
    const { entries } = await readZipDirectory(artifact?.path ?? '');
    assert.equal(
      entries.map(({ path }) => path),
      [
        ...['efs-imports', 'efs-root', 'efs', 'follow'].map(name => `.lambda-slim/${name}.cjs`).sort(),
        'index.efs.mjs',
        'index.mjs',
        'words.txt',
      ].sort(),
    );
    const { path, release, ...bundle } = efs?.bundle ?? { path: '', release: '' };
    assert.is(path, join(dir, 'out/function.bundle'));
    assert.match(release, /^[0-9a-f]{64}$/);
    assert.is(efs?.files, 4);
    assert.is(JSON.parse(await readFile(join(path, 'bundle.json'), 'utf8')).release, release);
    const manifest = JSON.parse(await readFile(join(dir, 'out/function.manifest.json'), 'utf8'));
    const { bytes = 0, files = 0 } = efs ?? {};
    const own = [{ path: 'model/', files: 1, bytes: 9000 }];
    const facts = { store: '/mnt/ml/app', environment: EFS.environment, off: [], files, bytes, own };
    assert.equal(manifest.efs, { ...facts, bundle: { folder: 'function.bundle', release, ...bundle } });
    assert.not.match(JSON.stringify(manifest), dir, 'no path of the machine');
    assert.equal(manifest.entries.length, entries.length, 'the manifest lists the zip');
    assert.ok(
      tree.entries.some(entry => entry.path === 'node_modules/reader/data.txt'),
      'the result knows both parts',
    );
    assert.equal(stages.map(({ stage }) => stage).slice(-2), ['efs', 'archive']);
    assert.equal(codesOf(result), []);
  }));

test('the same input gives the same release, and a change of a package another one', () =>
  withProject(PROJECT, async dir => {
    const first = await buildIn(dir);
    await rm(join(dir, 'out'), { recursive: true });
    const again = await buildIn(dir);
    assert.is(again.efs?.bundle?.release, first.efs?.bundle?.release);
    assert.is(again.artifact?.sha256, first.artifact?.sha256);
    await writeFile(join(dir, 'node_modules/reader/data.txt'), 'other');
    const other = await buildIn(dir);
    assert.is.not(other.efs?.bundle?.release, first.efs?.bundle?.release);
    assert.is(other.artifact?.sha256, first.artifact?.sha256, 'the zip does not know the release');
  }));

test('nothing changed: the artifact that is there is the result; a chunk that is gone comes back', () =>
  withProject(PROJECT, dir =>
    withTempDir(async cacheDir => {
      await delay(20);
      const first = await buildIn(dir, {}, { cacheDir });
      const again = await buildIn(dir, {}, { cacheDir });
      assert.equal([first.upToDate, again.upToDate], [false, true]);
      assert.equal(again.efs, first.efs);
      const chunks = join(dir, 'out/function.bundle/chunks');
      const [chunk = ''] = await readdir(chunks);
      await unlink(join(chunks, chunk));
      const mended = await buildIn(dir, {}, { cacheDir });
      assert.is(mended.upToDate, false);
      assert.ok((await stat(join(chunks, chunk))).size > 0);
      const zipped = await buildIn(dir, { target: 'zip', efs: null }, { cacheDir });
      assert.equal([zipped.upToDate, zipped.efs], [false, null]);
    }),
  ));

test('the zip alone is held to the limits, in a plan as well', () =>
  withProject({ ...PROJECT, 'model/big.bin': '' }, async dir => {
    const { truncate } = await import('node:fs/promises');
    await truncate(join(dir, 'model/big.bin'), limits.unzippedBytes);
    const plan = (options: Partial<ResolvedFunction>) =>
      withTempDir(workDir => planFunction(fnIn(dir, options), makeContext(workDir)));
    const small = await plan({});
    assert.equal(codesOf(small), []);
    assert.ok((small.efs?.bytes ?? 0) > limits.unzippedBytes);
    assert.is(small.efs?.bundle, null);
    const whole = await plan({ target: 'zip', efs: null });
    assert.equal(codesOf(whole), ['LIMIT_UNZIPPED']);
  }));

if (process.platform === 'linux') {
  for (const isolation of ['auto', 'none'] as const)
    test(`an artifact with a bundle beside it is run as on a mounted file system (${isolation})`, () =>
      withProject(PROJECT, async dir => {
        const { artifact } = await buildIn(dir);
        const { answer, error, log } = await withTempDir(workDir =>
          invokeArtifact(artifact?.path ?? '', workDir, { isolation }),
        );
        assert.equal(error, null, log);
        assert.equal(answer, [5000, 9000, 'words']);
      }));

  test('a build is verified with its bundle mounted', () =>
    withProject({ ...PROJECT, 'events/a.json': '{}' }, async dir => {
      const events = [join(dir, 'events/*.json')];
      const result = await buildIn(dir, { verify: { ...VERIFIED, events } });
      assert.equal(codesOf(result), []);
      assert.is(result.verification?.same, true);
    }));

  test('code that looks beside the handler for what lies on the file system is told from a missing file', () =>
    withProject({ ...PROJECT, 'events/a.json': '{}' }, async dir => {
      const verify = { ...VERIFIED, events: [join(dir, 'events/*.json')] };
      const split = await buildIn(dir, { verify, efs: { ...EFS, environment: {} } });
      assert.is(split.verification?.same, false);
      const unexplained = split.findings.find(({ code }) => code === 'VERIFY_UNEXPLAINED');
      assert.match(unexplained?.code === 'VERIFY_UNEXPLAINED' ? unexplained.reason : '', 'in one folder');
      const code = `const path = require('path');
module.exports = (name = process.env.READS) => require('fs').readFileSync(path.join(__dirname, name), 'utf8').length;`;
      await writeFile(join(dir, 'node_modules/reader/index.js'), code);
      const lacking = await buildIn(dir, { verify, environment: { READS: 'index.d.ts' } });
      const blame = lacking.findings.find(({ code }) => code === 'VERIFY_BLAME');
      assert.equal(blame?.code === 'VERIFY_BLAME' && blame.paths, ['node_modules/reader/index.d.ts']);
    }));
}

test('globs that send nothing are told, in a plan as well; one that names the handler is refused', () =>
  withProject({ ...PROJECT, 'lib/work.mjs': '' }, async dir => {
    const include = ['model/**', 'words.txt'];
    const efs = { ...EFS, files: ['modle/**', '*.mjs', 'model/**', 'node_modules/**', '**'] };
    const plan = () =>
      withTempDir(workDir => planFunction(fnIn(dir, { include, efs }), makeContext(workDir)));
    for (const result of [await plan(), await buildIn(dir, { include, efs })]) {
      assert.equal(
        result.findings.filter(({ code }) => code === 'EFS_FILES_NOTHING'),
        [
          { code: 'EFS_FILES_NOTHING', level: 'warning', pattern: 'modle/**', stays: [], count: 0 },
          { code: 'EFS_FILES_NOTHING', level: 'warning', pattern: '*.mjs', stays: ['index.mjs'], count: 1 },
        ],
      );
      assert.equal(
        result.efs?.own.map(({ path }) => path),
        ['model/', 'words.txt'],
      );
    }
    for (const named of ['index.mjs', './index.mjs']) {
      const { message } = await rejects(
        buildIn(dir, { efs: { ...EFS, files: ['model/**', named] } }),
        'EFS_UNSUITED',
      );
      assert.match(message, 'names its own file, index.mjs');
    }
  }));

test('a handler that cannot be parted from its packages is refused, and nothing is written', () =>
  withProject(PROJECT, async dir => {
    const fn = { ...fnIn(dir), handlerExport: 'handler' };
    const { splitForEfs } = await import('../src/efs/split-for-efs.ts');
    const tree = { entries: [], packages: [], removals: [] };
    await rejects(splitForEfs(tree, 'index.handler', fn.platform, EFS), 'EFS_UNSUITED');
  }));

test.run();
