/*
 * The bundled function, built by us and by peers, on this machine in one run.
 *   npm run build && npx tsc -p tsconfig.test.json && node .build/bench/build.js [rounds]
 * Sizes are exact bytes. Times are medians of runs in alternation, given as ratios to `zip -9` on our own slim tree.
 * "first build" is without installing (dependencies are in the cache), but with nothing else cached, and without running the
 * function; "verified" is the same with it.
 */
import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';
import { build } from 'esbuild';
import { exec } from '../src/util/exec.ts';
import { withTempDir } from '../src/util/fs.ts';
import { type Measured, median, runMeasured } from './run-measured.ts';

const ROOT = process.cwd();
const CLI = join(ROOT, 'bin/lambda-slim.js');
const FUNCTION = join(ROOT, 'src/handlers/resnet');

/** The bundled function is verified unless that is switched off. */
const PLAIN = ['--no-verify'];

interface Row {
  readonly name: string;
  readonly unzipped: number;
  readonly zipped: number | null;
  readonly files: number;
}

interface Built {
  readonly run: Measured;
  readonly row: Row;
}

await withTempDir(async dir => {
  const env = { ...process.env, LAMBDA_SLIM_CACHE: join(dir, 'cache') };
  const slim = (name: string, args: readonly string[] = []): Promise<Built> =>
    buildSlim(name, args, dir, env);
  const first = await slim('lambda-slim build (with install)', PLAIN);
  const rows = [
    ...(await peerRows(dir)),
    first.row,
    (await slim('lambda-slim build --compress max', [...PLAIN, '--compress', 'max'])).row,
    (await slim('lambda-slim build --arch arm64', [...PLAIN, '--arch', 'arm64'])).row,
  ];
  printSizes(rows);
  await printTimes(Number(process.argv[2] ?? 3), dir, slim);
});

async function buildSlim(
  name: string,
  args: readonly string[],
  dir: string,
  env: NodeJS.ProcessEnv,
): Promise<Built> {
  const out = join(dir, 'out', args.join('') || 'default');
  const run = await runMeasured([process.execPath, CLI, 'build', '--json', '--out', out, ...args], ROOT, env);
  const { artifact } = JSON.parse(run.stdout);
  return {
    run,
    row: { name, unzipped: artifact.unzippedBytes, zipped: artifact.zippedBytes, files: artifact.files },
  };
}

/** The unslimmed function, and the best that esbuild with @vercel/nft leaves of it. */
async function peerRows(dir: string): Promise<readonly Row[]> {
  const raw = join(dir, 'raw');
  await cp(FUNCTION, raw, { recursive: true });
  await exec('npm', ['ci', '--omit=dev', '--ignore-scripts', '--os=linux', '--cpu=x64', '--libc=glibc'], {
    cwd: raw,
  });
  const external = ['sharp', 'onnxruntime-node'];
  const outfile = join(raw, 'index.mjs');
  await build({
    entryPoints: [join(raw, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external,
    logLevel: 'error',
  });
  const { fileList } = await nodeFileTrace([outfile], { base: raw });
  const traced = join(dir, 'esbuild-nft');
  for (const file of [...fileList, 'model/model.json', 'model/resnet20-fashion.onnx']) {
    await mkdir(dirname(join(traced, file)), { recursive: true });
    await cp(join(raw, file), join(traced, file));
  }
  return [
    await sizeFolder('unslimmed: npm ci', raw, dir),
    await sizeFolder('esbuild + @vercel/nft', traced, dir),
  ];
}

async function sizeFolder(name: string, folder: string, dir: string): Promise<Row> {
  const zip = join(dir, 'peer.zip');
  await rm(zip, { force: true });
  await exec('zip', ['-9', '-q', '-r', zip, '.'], { cwd: folder });
  const paths = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = paths.filter(entry => entry.isFile());
  const sizes = await Promise.all(
    files.map(entry => stat(join(entry.parentPath, entry.name)).then(({ size }) => size)),
  );
  return {
    name,
    unzipped: sizes.reduce((a, b) => a + b, 0),
    zipped: (await stat(zip)).size,
    files: files.length,
  };
}

function printSizes(rows: readonly Row[]): void {
  console.log('| tool | unzipped bytes | zipped bytes | files |\n|---|---|---|---|');
  for (const { name, unzipped, zipped, files } of rows)
    console.log(`| ${name} | ${unzipped} | ${zipped} | ${files} |`);
}

async function printTimes(
  rounds: number,
  dir: string,
  slim: (name: string, args?: readonly string[]) => Promise<Built>,
): Promise<void> {
  const tree = join(dir, 'tree');
  // Fetches the Node.js of the runtime, once.
  await slim('verified');
  await exec('unzip', ['-q', resolve(dir, `out/${PLAIN.join('')}/function.zip`), '-d', tree], { cwd: dir });
  const runs: Record<'zip' | 'first' | 'second' | 'verified', Measured[]> = {
    zip: [],
    first: [],
    second: [],
    verified: [],
  };
  for (let round = 0; round < rounds; round++) {
    await rm(join(dir, 'z.zip'), { force: true });
    runs.zip.push(await runMeasured(['zip', '-9', '-q', '-r', join(dir, 'z.zip'), '.'], tree));
    await forget(dir);
    runs.first.push((await slim('first', PLAIN)).run);
    runs.second.push((await slim('second', PLAIN)).run);
    await forget(dir);
    runs.verified.push((await slim('verified')).run);
  }
  const wall = (list: readonly Measured[]): number => median(list.map(({ wallMs }) => wallMs));
  const ratio = (list: readonly Measured[], to: readonly Measured[]): string =>
    (wall(list) / wall(to)).toFixed(3);
  const peak = Math.max(...runs.first.map(({ peakBytes }) => peakBytes));
  console.log(
    `\nfirst build / zip -9 of the same tree: ${ratio(runs.first, runs.zip)} (${wall(runs.first)} ms / ${wall(runs.zip)} ms)`,
  );
  console.log(`second build / first build: ${ratio(runs.second, runs.first)} (${wall(runs.second)} ms)`);
  console.log(
    `verified first build / first build: ${ratio(runs.verified, runs.first)} (${wall(runs.verified)} ms)`,
  );
  console.log(`peak of the first build's largest process: ${peak} bytes`);
}

/** Leaves only what was installed in the cache: dependencies, and the Node.js of the runtime. */
async function forget(dir: string): Promise<void> {
  for (const part of ['cache/blobs', 'cache/builds', 'out'])
    await rm(join(dir, part), { recursive: true, force: true });
}
