/*
 * What pip, a peer and lambda-slim leave of four sets of packages for Python 3.12 on x64, with a handler that uses them.
 *   npm run build && npm run build:test && node .build/bench/python-sets.js [C D E F]
 * Needs a python3.12 with pip, the registry, and `zip`. Sizes are in megabytes, unzipped / zipped; ours are without bytecode.
 * The targets are figures for CPython 3.11 times what pip leaves for 3.12, by what it leaves for 3.11, without bytecode in both.
 */
import { cp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { findPython } from '../src/lambda/find-python.ts';
import { exec } from '../src/util/exec.ts';
import { withTempDir } from '../src/util/fs.ts';
import { runFake } from '../test/helpers/fake-io.ts';
import { writeFiles } from '../test/helpers/project.ts';
import { PYTHON_SETS, type PythonSet } from './python-set-list.ts';

/** What `slim: true` of serverless-python-requirements deletes, and which libraries it strips. */
const PEER_DELETES = picomatch(['**/*.py[co]', '**/__pycache__/**', '**/*.dist-info*/**'], { dot: true });
const PEER_STRIPS = picomatch('**/*.so', { dot: true });

interface Row {
  readonly name: string;
  readonly unzipped: number;
  readonly zipped: number | null;
  /** Whether the handler answers as it does with what pip left. */
  readonly works: string;
}

const signal = new AbortController().signal;
const python = await findPython('3.12', { cwd: process.cwd(), signal });
if (!python) throw new Error('There is no python3.12 here.');
const names = process.argv.slice(2);
for (const set of PYTHON_SETS) {
  if (names.length > 0 && !names.includes(set.name)) continue;
  await withTempDir(async dir => print(set, await measure(set, dir)));
}

async function measure(set: PythonSet, dir: string): Promise<readonly Row[]> {
  const files = projectOf(set);
  const project = join(dir, 'project');
  await writeFiles(project, files);
  const raw = join(dir, 'raw');
  await pip(set.requirements, raw);
  await writeFiles(raw, files);
  const expected = await answer(raw);
  if (expected === null) throw new Error(`the handler of set ${set.name} fails with what pip left`);
  const withBytecode = await sizeOf('as pip leaves it', raw, 'yes');
  await deleteFiles(raw, path => path.includes('__pycache__/'));
  const plain = await sizeOf('without bytecode', raw, 'yes');
  const peer = join(dir, 'peer');
  await cp(raw, peer, { recursive: true, verbatimSymlinks: true });
  await makePeer(peer);
  const peers = await sizeOf('serverless-python-requirements', peer, await compare(peer, expected));
  const scale = plain.unzipped / 1e6 / set.raw.unzipped;
  return [
    withBytecode,
    plain,
    peers,
    target('target, safe', set.safe, scale),
    await build('safe', project, dir),
    ...(set.exact ? [target('target, exact', set.exact, scale), await build('exact', project, dir)] : []),
  ];
}

/** A module for each computation, and a handler that gives back all that they print. */
function projectOf({ requirements, computations }: PythonSet) {
  const modules = computations.map((source, index) => [
    `work_${index}.py`,
    `def run():\n${source.replace(/^/gm, '    ')}`,
  ]);
  const imports = computations.map((_, index) => `import work_${index}\n`).join('');
  const runs = computations.map((_, index) => `        work_${index}.run()\n`).join('');
  const app = `import contextlib, io\n${imports}\ndef handler(event, context):\n    out = io.StringIO()\n    with contextlib.redirect_stdout(out):\n${runs}    return {"printed": out.getvalue()}\n`;
  return {
    ...Object.fromEntries(modules),
    'app.py': app,
    'requirements.txt': `${requirements.join('\n')}\n`,
    'events/one.json': '{}',
  };
}

async function pip(requirements: readonly string[], target: string): Promise<void> {
  const flags = ['install', '--quiet', '--only-binary=:all:', '--compile', '--target', target];
  await exec(python ?? '', ['-m', 'pip', ...flags, ...requirements], { cwd: '/' });
}

/** What the handler prints with the packages of a folder; null where it fails. */
async function answer(root: string): Promise<string | null> {
  // At exit pyarrow's threads end now and then with "terminate called", from untouched wheels as well.
  const code = 'import app, os; print(app.handler({}, None)["printed"], flush=True); os._exit(0)';
  const env = {
    PATH: process.env.PATH,
    PYTHONPATH: root,
    PYTHONDONTWRITEBYTECODE: '1',
    OMP_NUM_THREADS: '1',
  };
  const ran = await exec(python ?? '', ['-s', '-c', code], { cwd: root, env }).catch(() => null);
  return ran?.stdout ?? null;
}

async function compare(root: string, expected: string): Promise<string> {
  const got = await answer(root);
  if (got === null) return 'NO: it fails';
  return got === expected ? 'yes' : 'NO: another answer';
}

async function makePeer(root: string): Promise<void> {
  await deleteFiles(root, PEER_DELETES);
  for (const path of (await list(root)).filter(path => PEER_STRIPS(path)))
    await exec('strip', [join(root, path)], { cwd: root }).catch(() => null);
}

async function list(root: string): Promise<readonly string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  return found
    .filter(item => item.isFile())
    .map(item => join(item.parentPath, item.name).slice(root.length + 1));
}

async function deleteFiles(root: string, isDoomed: (path: string) => boolean): Promise<void> {
  for (const path of await list(root)) if (isDoomed(path)) await rm(join(root, path));
}

async function sizeOf(name: string, root: string, works: string): Promise<Row> {
  const sizes = await Promise.all((await list(root)).map(async path => (await stat(join(root, path))).size));
  const zip = `${root}.zip`;
  await exec('zip', ['-q', '-9', '-r', zip, '.'], { cwd: root });
  const { size: zipped } = await stat(zip);
  await rm(zip);
  return { name, unzipped: sizes.reduce((sum, size) => sum + size, 0), zipped, works };
}

function target(name: string, { unzipped, zipped }: NonNullable<PythonSet['exact']>, scale: number): Row {
  const scaled = (megabytes: number): number => megabytes * 1e6 * scale;
  return { name, unzipped: scaled(unzipped), zipped: zipped === null ? null : scaled(zipped), works: '' };
}

/** Builds as a user would, and has the artifact run against the original. */
async function build(level: 'safe' | 'exact', cwd: string, dir: string): Promise<Row> {
  const env = { ...process.env, LAMBDA_SLIM_CACHE: join(dir, 'cache') };
  const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? '']));
  const flags = ['--runtime', 'python3.12', '--arch', 'x64', '--level', level, '--bytecode', 'none'];
  const args = [
    'build',
    'app.py',
    ...flags,
    '--events',
    'events/*.json',
    '--out',
    join(dir, level),
    '--json',
  ];
  const { code, stdout, stderr } = await runFake(args, { cwd, env: own });
  if (code === 2) throw new Error(stdout + stderr);
  const { artifact, verification, findings } = JSON.parse(stdout);
  const doubts = findings.filter((finding: { readonly code: string }) => finding.code.startsWith('VERIFY_'));
  const works = verification?.same === true && code === 0 && doubts.length === 0 ? 'yes, verified' : 'NO';
  return {
    name: `lambda-slim, ${level}`,
    unzipped: artifact.unzippedBytes,
    zipped: artifact.zippedBytes,
    works,
  };
}

function print({ name, requirements }: PythonSet, rows: readonly Row[]): void {
  console.log(`\n${name}: ${requirements.join(' ')}`);
  const show = (bytes: number | null): string => (bytes === null ? '' : (bytes / 1e6).toFixed(1)).padStart(8);
  for (const row of rows)
    console.log(`${row.name.padEnd(32)}${show(row.unzipped)}${show(row.zipped)}  ${row.works}`);
}
