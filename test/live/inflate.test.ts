import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LibraryIndex } from '../../src/codec/library-index.ts';
import type { LibraryFormat } from '../../src/codec/types.ts';
import { openFileSource } from '../../src/elf/byte-sources.ts';
import { findNode } from '../../src/lambda/find-node.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { writeCompressed } from '../helpers/compressed-artifact.ts';

const ORT = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';
const LIBRARIES = [
  `${ORT}/libonnxruntime.so.1`,
  'node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.18.7',
];
const ADDONS = [
  `${ORT}/onnxruntime_binding.node`,
  'node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64-0.35.5.node',
];

/** Classifies noise and halves a picture; the same bytes whenever the libraries are the same. */
const MAIN = `
  const crypto = require('node:crypto');
  const ort = require('onnxruntime-node');
  const sharp = require('sharp');
  (async () => {
    const session = await ort.InferenceSession.create(__dirname + '/model.onnx');
    const [shape] = session.inputMetadata ? [session.inputMetadata[0].shape] : [];
    const dims = shape.map(size => (typeof size === 'number' && size > 0 ? size : 1));
    const data = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, at) => Math.sin(at));
    const output = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', data, dims) });
    const picture = await sharp(Buffer.alloc(96 * 64 * 3, 'abcdef'), { raw: { width: 96, height: 64, channels: 3 } }).resize(48).png().toBuffer();
    console.log(JSON.stringify({
      answer: Array.from(output[session.outputNames[0]].data),
      picture: crypto.createHash('sha256').update(picture).digest('hex'),
      binding: Object.keys(require.cache).filter(key => key.endsWith('.node')).map(key => key.startsWith(__dirname)),
    }));
  })();
`;

const isTarget = process.platform === 'linux' && process.arch === 'x64';
const WORK = await mkdtemp(join(tmpdir(), 'lambda-slim-'));
const PLAIN = join(WORK, 'plain');
const signal = new AbortController().signal;

test.before(async () => {
  if (!isTarget) return;
  await mkdir(PLAIN);
  await writeFile(join(PLAIN, 'package.json'), '{}');
  const args = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    'onnxruntime-node@1.30.0',
    'sharp@0.35.5',
  ];
  await exec('npm', args, { cwd: PLAIN, signal });
  for (const other of ['darwin', 'win32', 'linux/arm64']) {
    await rm(join(PLAIN, dirname(dirname(ORT)), other), { recursive: true, force: true });
  }
  await cp('src/handlers/resnet/model/resnet20-fashion.onnx', join(PLAIN, 'model.onnx'));
  await writeFile(join(PLAIN, 'main.js'), MAIN);
  await writeFile(
    join(PLAIN, 'shimmed.js'),
    "require('./.lambda-slim/inflate.cjs');\nrequire('./main.js');\n",
  );
});
test.after(() => rm(WORK, { recursive: true, force: true }));

interface Artifact {
  readonly root: string;
  readonly index: LibraryIndex;
  readonly node: string;
}

const made = new Map<string, Promise<Artifact>>();

/** The installed packages with their two large libraries compressed; made once for each Node.js. */
function artifactFor(major: string, format: LibraryFormat): Promise<Artifact> {
  const known = made.get(major) ?? makeArtifact(major, format);
  made.set(major, known);
  return known;
}

async function makeArtifact(major: string, format: LibraryFormat): Promise<Artifact> {
  const root = join(WORK, major, 'task');
  await cp(PLAIN, root, { recursive: true });
  const sources = LIBRARIES.map(path => ({ path, source: openFileSource(join(PLAIN, path)) }));
  const links = ADDONS.map(path => ({ path, target: path }));
  const parts = { libraries: sources, links, addons: ADDONS };
  const options = { format, arch: 'x64', branchFilter: true, level: 'fast' } as const;
  const index = await writeCompressed(root, parts, options, join(WORK, 'cache'));
  for (const { source } of sources) source.close();
  for (const path of LIBRARIES) await rm(join(root, path));
  const { path: node } = await findNode(major, 'x64', { dir: WORK, signal });
  return { root, index, node };
}

interface Run {
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  { root, node }: Pick<Artifact, 'root' | 'node'>,
  tmp: string,
  file = 'shimmed.js',
  under: readonly string[] = [],
): Promise<Run> {
  const [command, ...args] = [...under, node, join(root, file)];
  const child = spawn(command as string, args, {
    env: { TMPDIR: tmp, PATH: process.env.PATH, LAMBDA_SLIM_DEBUG: '1' },
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', part => {
    text.stdout += part;
  });
  child.stderr.on('data', part => {
    text.stderr += part;
  });
  await once(child, 'close');
  return text;
}

const RUNTIMES = [
  ['20', 'brotli'],
  ['22', 'zstd'],
  ['24', 'zstd'],
] as const;

for (const [major, format] of RUNTIMES) {
  test(`Node.js ${major} infers and resizes with libraries inflated from ${format}`, async () => {
    if (!isTarget) return console.log('(needs linux-x64)');
    const artifact = await artifactFor(major, format);
    await withTempDir(async tmp => {
      const plain = await run({ ...artifact, root: PLAIN }, tmp, 'main.js');
      const { stdout, stderr } = await run(artifact, tmp);
      assert.match(stderr, /^lambda-slim: inflated 65 MB into \S+ in \d+ ms$/m);
      assert.match(plain.stdout, /"binding":\[true,true\]/);
      assert.is(stdout, plain.stdout);
      for (const path of LIBRARIES) {
        const inflated = await readFile(join(tmp, 'lambda-slim', artifact.index.id, path));
        assert.ok(inflated.equals(await readFile(join(PLAIN, path))));
      }
      const warm = await run(artifact, tmp);
      assert.equal(warm, { stdout: plain.stdout, stderr: '' });
    });
  });
}

const ARTIFACT = () => artifactFor('24', 'zstd');

test('two processes at once', async () => {
  if (!isTarget) return;
  const artifact = await ARTIFACT();
  await withTempDir(async tmp => {
    const [one, two] = await Promise.all([run(artifact, tmp), run(artifact, tmp)]);
    assert.match(one.stdout, /"answer"/);
    assert.is(one.stdout, two.stdout);
    assert.equal(await readdir(join(tmp, 'lambda-slim')), [artifact.index.id]);
  });
});

test('one core', async () => {
  if (!isTarget) return;
  if (spawnSync('taskset', ['-c', '0', 'true']).status !== 0) return console.log('(needs taskset)');
  const artifact = await ARTIFACT();
  await withTempDir(async tmp => {
    const { stdout, stderr } = await run(artifact, tmp, 'shimmed.js', ['taskset', '-c', '0']);
    assert.match(stdout, /"answer"/);
    assert.match(stderr, /inflated/);
  });
});

test('a process that is killed half-way leaves nothing that the next one would take', async () => {
  if (!isTarget) return;
  const artifact = await ARTIFACT();
  await withTempDir(async tmp => {
    const child = spawn(artifact.node, [join(artifact.root, 'shimmed.js')], {
      env: { TMPDIR: tmp },
      stdio: 'ignore',
    });
    const all = join(tmp, 'lambda-slim');
    while ((await readdir(all).catch(() => [])).length === 0) assert.is(child.exitCode, null);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.match((await readdir(all)).join(), /\.partial$/);
    assert.match((await run(artifact, tmp)).stdout, /"answer"/);
    assert.equal(await readdir(all), [artifact.index.id]);
  });
});

test('a damaged blob stops it with its name', async () => {
  if (!isTarget) return;
  const artifact = await ARTIFACT();
  const root = join(WORK, 'damaged');
  await cp(artifact.root, root, { recursive: true });
  const blob = join(root, '.lambda-slim', artifact.index.files[1]?.blob as string);
  const bytes = await readFile(blob);
  bytes.fill(0, 1_000_000, 1_000_100);
  await writeFile(blob, bytes);
  await withTempDir(async tmp => {
    const { stdout, stderr } = await run({ ...artifact, root }, tmp);
    assert.is(stdout, '');
    assert.match(stderr, /1-libvips-cpp\.so\.8\.18\.7\.zstd is damaged/);
    assert.equal(await readdir(join(tmp, 'lambda-slim')), []);
  });
});

test('a /tmp that is too small is told with what it takes, before and while it fills', async () => {
  if (!isTarget) return;
  const artifact = await ARTIFACT();
  const liar = join(WORK, 'liar');
  await cp(artifact.root, liar, { recursive: true });
  const path = join(liar, '.lambda-slim/index.json');
  // As if others filled /tmp after the first look.
  await writeFile(path, (await readFile(path, 'utf8')).replace(/"bytes":\d+/, '"bytes":1000'));
  await withTempDir(async dir => {
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', dir]);
    if (mount.status !== 0) return console.log('(a small /tmp needs the right to mount one)');
    try {
      const before = await run(artifact, dir);
      assert.match(before.stderr, /take 65 MB of \S+, where 4\d MB are free\. Raise .*EphemeralStorage/);
      const during = await run({ ...artifact, root: liar }, dir);
      assert.match(during.stderr, /take 1 MB of \S+, .*EphemeralStorage/);
      assert.equal(await readdir(join(dir, 'lambda-slim')), []);
    } finally {
      execFileSync('umount', [dir]);
    }
  });
});

test.run();
