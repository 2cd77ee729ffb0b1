import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readLayerDescription } from '../../src/layers/describe-layer.ts';
import { type SplitOptions, splitArtifact } from '../../src/layers/split-artifact.ts';
import type { Package, Release } from '../../src/publish-types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { unpackZip } from '../../src/zip/unpack-zip.ts';
import { type PlainContent, plainZip } from '../helpers/plain-zip.ts';
import { rejects } from '../helpers/rejects.ts';

const { signal } = new AbortController();
const OPTIONS: SplitOptions = {
  functionName: 'classify',
  runtime: 'nodejs22.x',
  layers: { files: [], environment: {}, attach: [] },
  maxLayers: 5,
  bucket: null,
};

type Files = Readonly<Record<string, PlainContent>>;

const NODE: Files = {
  'index.mjs': 'import "a";',
  'node_modules/a/index.js': 'a',
  'node_modules/a/package.json': '{"license":"MIT"}',
  'node_modules/a/LICENSE': 'MIT Licence',
  'node_modules/sharp/package.json': '{"license":"Apache-2.0"}',
  'node_modules/sharp/sharp.node': { program: 'native' },
  'model/labels.json': '[]',
};

let folders = 0;
async function artifactOf(dir: string, files: Files): Promise<Package> {
  const path = join(dir, `artifact-${++folders}.zip`);
  const zip = plainZip(files);
  await writeFile(path, zip);
  const digest = createHash('sha256').update(zip).digest();
  const { entries } = await readZipDirectory(path);
  return {
    path,
    sha256: digest.toString('hex'),
    codeSha256: digest.toString('base64'),
    zippedBytes: zip.length,
    unzippedBytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Splits in a work folder of its own. */
async function split(dir: string, artifact: Package, more: Partial<SplitOptions> = {}): Promise<Release> {
  const workDir = join(dir, `work-${++folders}`);
  await mkdir(workDir);
  return splitArtifact(artifact, { ...OPTIONS, ...more }, { workDir, signal });
}

async function pathsIn({ path }: Package): Promise<readonly string[]> {
  return (await readZipDirectory(path)).entries.map(entry => entry.path);
}

const files = (...globs: readonly string[]) => ({ layers: { ...OPTIONS.layers, files: globs } });

test('packages go to nodejs/node_modules, natives apart, and the function keeps its own files', () =>
  withTempDir(async dir => {
    const { code, layers } = await split(dir, await artifactOf(dir, NODE));
    assert.equal(await pathsIn(code), ['index.mjs', 'model/labels.json']);
    assert.equal(
      layers.map(({ name, kind, contents, license }) => [name, kind, contents, license]),
      [
        ['classify-native-1', 'native', ['sharp'], 'Apache-2.0'],
        ['classify-deps-1', 'deps', ['a'], 'MIT'],
      ],
    );
    const paths = await Promise.all(layers.map(pathsIn));
    assert.equal(paths, [
      ['nodejs/node_modules/sharp/package.json', 'nodejs/node_modules/sharp/sharp.node'],
      [
        'nodejs/node_modules/a/LICENSE',
        'nodejs/node_modules/a/index.js',
        'nodejs/node_modules/a/package.json',
      ],
    ]);
  }));

test('own files that are named keep their path under /opt', () =>
  withTempDir(async dir => {
    const { code, layers } = await split(dir, await artifactOf(dir, NODE), files('model/**'));
    assert.equal(await pathsIn(code), ['index.mjs']);
    const models = layers.find(({ kind }) => kind === 'models');
    assert.equal([models?.name, models?.contents, models?.license], ['classify-models-1', ['model/'], null]);
    assert.equal(await pathsIn(models ?? code), ['model/labels.json']);
  }));

test('what is said of a part is true of its zip', () =>
  withTempDir(async dir => {
    const artifact = await artifactOf(dir, NODE);
    const { code, layers } = await split(dir, artifact);
    let unzipped = 0;
    for (const part of [code, ...layers]) {
      const bytes = await readFile(part.path);
      const digest = createHash('sha256').update(bytes).digest();
      assert.equal([part.sha256, part.codeSha256], [digest.toString('hex'), digest.toString('base64')]);
      assert.is(part.zippedBytes, bytes.length);
      unzipped += part.unzippedBytes;
    }
    assert.is(unzipped, artifact.unzippedBytes);
    for (const { description, sha256, unzippedBytes } of layers)
      assert.equal(readLayerDescription(description), { sha256, unzippedBytes });
  }));

test('the same artifact gives the same bytes; a change of one package leaves the other layers as they are', () =>
  withTempDir(async dir => {
    const artifact = await artifactOf(dir, NODE);
    const first = await split(dir, artifact);
    const again = await split(dir, artifact);
    const shas = ({ code, layers }: Release): readonly string[] => [code, ...layers].map(part => part.sha256);
    assert.equal(shas(again), shas(first));
    const changed = { ...NODE, 'node_modules/a/more.js': 'more' };
    const [code, native, deps] = shas(await split(dir, await artifactOf(dir, changed)));
    assert.equal([code, native], shas(first).slice(0, 2));
    assert.is.not(deps, shas(first)[2]);
  }));

test('unpacked over each other, function and layers hold what the artifact held', () =>
  withTempDir(async dir => {
    const artifact = await artifactOf(dir, { ...NODE, 'node_modules/a/link.js': { link: 'index.js' } });
    const { code, layers } = await split(dir, artifact);
    const [task, opt, whole] = ['task', 'opt', 'whole'].map(name => join(dir, name)) as [
      string,
      string,
      string,
    ];
    await unpackZip(artifact.path, whole, { maxBytes: 1e6, signal });
    await unpackZip(code.path, task, { maxBytes: 1e6, signal });
    for (const { path, name } of layers) await unpackZip(path, join(opt, name), { maxBytes: 1e6, signal });
    for (const path of await pathsIn(artifact)) {
      const isPackage = path.startsWith('node_modules/');
      const layer = path.includes('sharp') ? 'classify-native-1' : 'classify-deps-1';
      const now = isPackage ? join(opt, layer, 'nodejs', path) : join(task, path);
      assert.equal(await readFile(now), await readFile(join(whole, path)), path);
      assert.is((await stat(now)).mode, (await stat(join(whole, path))).mode, path);
    }
  }));

test('distributions of Python go to python/', () =>
  withTempDir(async dir => {
    const artifact = await artifactOf(dir, {
      'app.py': '',
      'numpy/__init__.py': '',
      'numpy/_core.so': 'native',
      'numpy-2.0.dist-info/METADATA': 'Name: numpy\nLicense-Expression: BSD-3-Clause\n\n',
      'numpy-2.0.dist-info/RECORD': 'numpy/__init__.py,,\nnumpy-2.0.dist-info/RECORD,,\n',
      'six.py': '',
      'six-1.0.dist-info/RECORD': 'six.py,,\nsix-1.0.dist-info/RECORD,,\n',
    });
    const { code, layers } = await split(dir, artifact, { runtime: 'python3.12' });
    assert.equal(await pathsIn(code), ['app.py']);
    assert.equal(
      layers.map(({ name, contents, license }) => [name, contents, license]),
      [
        ['classify-native-1', ['numpy'], 'BSD-3-Clause'],
        ['classify-deps-1', ['six'], null],
      ],
    );
    assert.equal(await pathsIn(layers[1] ?? code), ['python/six-1.0.dist-info/RECORD', 'python/six.py']);
  }));

test('without packages the artifact is the function', () =>
  withTempDir(async dir => {
    const artifact = await artifactOf(dir, { 'index.mjs': '', '.lambda-slim/rest.json': '{}' });
    assert.equal(await split(dir, artifact), { code: artifact, layers: [] });
  }));

test('artifacts whose parts have to stay together are refused', () =>
  withTempDir(async dir => {
    const cases: readonly (readonly [path: string, content: PlainContent, reason: RegExp])[] = [
      ['.lambda-slim/index.json', '{}', /--compress-libraries/],
      ['.lambda-slim/rest.json', '{}', /--fallback/],
      ['../../etc/passwd', 'x', /would leave its folder/],
      [
        'lib/a.js',
        { link: '../node_modules/a/index.js' },
        /the link lib\/a.js leads to node_modules\/a\/index.js/,
      ],
      [
        'node_modules/a/own.js',
        { link: '../../index.mjs' },
        /the link node_modules\/a\/own.js leads to index.mjs/,
      ],
      ['node_modules/own', { link: '../model' }, /the link node_modules\/own leads to model/],
      ['packages', { link: 'node_modules' }, /the link packages leads to node_modules/],
    ];
    for (const [path, content, reason] of cases) {
      const artifact = await artifactOf(dir, { ...NODE, [path]: content });
      const error = await rejects(split(dir, artifact), 'LAYERS_UNSUITED');
      assert.match(error.message, reason);
    }
  }));

test('links from one package to another are fine', () =>
  withTempDir(async dir => {
    const artifact = await artifactOf(dir, {
      ...NODE,
      'node_modules/a/sharp.node': { link: '../sharp/sharp.node' },
      'node_modules/b': { link: 'a' },
      'model/latest.json': { link: 'labels.json' },
      missing: { link: 'nowhere/at/all' },
      absolute: { link: '/node_modules/a' },
    });
    const { code, layers } = await split(dir, artifact);
    const own = ['absolute', 'index.mjs', 'missing', 'model/labels.json', 'model/latest.json'];
    assert.equal(await pathsIn(code), own);
    assert.ok((await pathsIn(layers[1] ?? code)).includes('nodejs/node_modules/b'));
  }));

test('something has to be left for the function', () =>
  withTempDir(async dir => {
    const onlyPackages = await artifactOf(dir, { 'node_modules/a/index.js': 'a' });
    const error = await rejects(split(dir, onlyPackages), 'LAYERS_UNSUITED');
    assert.match(error.message, 'nothing would be left for the function');
  }));

test('fewer layers, and none', () =>
  withTempDir(async dir => {
    const artifact = await artifactOf(dir, NODE);
    const { layers } = await split(dir, artifact, { maxLayers: 1 });
    assert.equal(
      layers.map(({ name, contents, license }) => [name, contents, license]),
      [['classify-deps-1', ['a', 'sharp'], 'Apache-2.0, MIT']],
    );
    await rejects(split(dir, artifact, { maxLayers: 0 }), 'LAYERS_IMPOSSIBLE');
  }));

test('licences of a layer are told once each, as far as there is room', () =>
  withTempDir(async dir => {
    const manifests = Array.from({ length: 60 }, (_, index): readonly [string, string] => [
      `node_modules/p${index}/package.json`,
      JSON.stringify({ license: `Licence-number-${index % 50}` }),
    ]);
    const artifact = await artifactOf(dir, { 'index.mjs': '', ...Object.fromEntries(manifests) });
    const { layers } = await split(dir, artifact);
    const [license = ''] = layers.map(layer => layer.license ?? '');
    assert.is(license.length, 512);
    assert.match(license, /^Licence-number-0, Licence-number-1, Licence-number-10, .*…$/);
  }));

test.run();
