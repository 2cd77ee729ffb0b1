/*
 * Strips every ELF file of sets of wheels with ours and with the peers, in alternation, on this machine in one run.
 *   npx tsc -p tsconfig.test.json && node .build/bench/strip.js [--sets folder] [--rounds n] [--all] [set…]
 * `--sets` keeps the installed wheels in (or takes them from) `folder/<set>`; what is changed are copies. Sizes are exact
 * bytes. Times are medians, given as ratios to GNU strip run once for each file. A file is damaged when verifyStripped
 * says so. Last, the set computes something with our files in place of its own.
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openFileSource } from '../src/elf/byte-sources.ts';
import { hasElfMagic } from '../src/elf/read-elf.ts';
import { verifyStripped } from '../src/elf/verify-stripped.ts';
import { exec } from '../src/util/exec.ts';
import { withTempDir } from '../src/util/fs.ts';
import { type Measured, median, runMeasured } from './run-measured.ts';
import { STRIP_SETS, type StripSet } from './strip-sets.ts';

const PYTHON = 'python3.11';
const OURS = fileURLToPath(new URL('./strip-all.js', import.meta.url));

interface Tool {
  readonly name: string;
  /** Strips the files that a list names (one a NUL) in place. */
  readonly command: (list: string) => readonly string[];
}

const each =
  (program: string, ...args: readonly string[]) =>
  (list: string) => ['xargs', '-0', '-a', list, '-n1', program, ...args];

const toolsOf = (gnuStrip: string): readonly Tool[] => [
  { name: 'GNU strip', command: each(gnuStrip, '--strip-unneeded') },
  { name: 'ours', command: list => [process.execPath, OURS, list] },
  {
    name: 'GNU strip, many files a process',
    command: list => ['xargs', '-0', '-a', list, gnuStrip, '--strip-unneeded'],
  },
  { name: 'llvm-strip', command: each('llvm-strip', '--strip-unneeded') },
  { name: 'eu-strip', command: each('eu-strip') },
];

interface Outcome {
  readonly tool: string;
  readonly runs: readonly Measured[];
  /** Bytes after, by file; the old bytes where the tool did not make it smaller. */
  readonly bytes: readonly number[];
  readonly damaged: readonly string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sets: { type: 'string' },
    rounds: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
  },
});

await withTempDir(async dir => {
  const chosen = STRIP_SETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const set of chosen) await measureSet(set, values.sets ?? join(dir, 'sets'), dir);
});

async function measureSet(set: StripSet, folder: string, dir: string): Promise<void> {
  const root = await install(set, join(folder, set.name));
  const files = findElfFiles(root);
  const tools = toolsOf(set.gnuStrip ?? 'strip').filter(({ command }) =>
    isThere(command('').find(word => word.includes('strip')) ?? ''),
  );
  const runs = new Map<string, Measured[]>(tools.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const tool of tools)
      runs.get(tool.name)?.push(await runTool(tool, root, files, join(dir, tool.name)));
  }
  const outcomes = tools.map(({ name }) => judge(name, root, files, join(dir, name), runs.get(name) ?? []));
  printSet(set, root, files, outcomes);
  await compute(set, root, files, join(dir, 'ours'), join(dir, 'tree'));
  for (const { name } of tools) rmSync(join(dir, name), { recursive: true });
}

async function install(set: StripSet, root: string): Promise<string> {
  if (existsSync(root)) return realpathSync(root);
  const args = [
    '-m',
    'pip',
    'install',
    '-q',
    '--no-compile',
    '--only-binary=:all:',
    '--target',
    root,
    ...set.pip,
  ];
  await exec(PYTHON, args, { cwd: tmpdir() });
  return root;
}

function isThere(program: string): boolean {
  return program === OURS || (process.env.PATH ?? '').split(':').some(dir => existsSync(join(dir, program)));
}

function findElfFiles(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => {
      const source = openFileSource(path);
      const isElf = hasElfMagic(source);
      source.close();
      return isElf;
    })
    .map(path => path.slice(root.length + 1))
    .sort();
}

async function runTool(tool: Tool, root: string, files: readonly string[], to: string): Promise<Measured> {
  rmSync(to, { recursive: true, force: true });
  const copies = files.map(file => join(to, file));
  files.forEach((file, at) => {
    mkdirSync(dirname(copies[at] as string), { recursive: true });
    copyFileSync(join(root, file), copies[at] as string);
  });
  const list = `${to}.list`;
  writeFileSync(list, copies.join('\0'));
  // Other tools' complaints about single files are no failure of the run.
  return runMeasured(['sh', '-c', '"$@" 2>/dev/null || true', 'sh', ...tool.command(list)], tmpdir());
}

function judge(
  tool: string,
  root: string,
  files: readonly string[],
  stripped: string,
  runs: readonly Measured[],
): Outcome {
  const damaged = files.filter(file => {
    const before = openFileSource(join(root, file));
    const after = openFileSource(join(stripped, file));
    try {
      return verifyStripped(before, after).length > 0;
    } finally {
      before.close();
      after.close();
    }
  });
  return { tool, runs, bytes: files.map(file => statSync(join(stripped, file)).size), damaged };
}

function printSet(set: StripSet, root: string, files: readonly string[], outcomes: readonly Outcome[]): void {
  const before = files.map(file => statSync(join(root, file)).size);
  const reference = measure(outcomes[0]?.runs ?? []);
  console.log(`\n## ${set.name}: ${set.pip.filter(word => word.includes('==')).join(' ')}`);
  console.log(`${files.length} ELF files, ${sum(before).toLocaleString('en')} bytes\n`);
  console.log(
    '| tool | bytes after | saved | damaged | wall ratio | CPU ratio | wall s | CPU s | peak MB |\n|---|---|---|---|---|---|---|---|---|',
  );
  for (const { tool, runs, bytes, damaged } of outcomes) {
    const { wallMs, cpuMs, peakBytes } = measure(runs);
    const cells = [sum(bytes), sum(before) - sum(bytes)].map(number => number.toLocaleString('en'));
    const ratios = [wallMs / reference.wallMs, cpuMs / reference.cpuMs].map(ratio => ratio.toFixed(2));
    const times = [wallMs / 1000, cpuMs / 1000].map(seconds => seconds.toFixed(1));
    const row = [tool, ...cells, damaged.length, ...ratios, ...times, (peakBytes / 1e6).toFixed(0)];
    console.log(`| ${row.join(' | ')} |`);
  }
  printFiles(files, before, outcomes);
}

/** The medians of several runs, and their largest peak. */
function measure(runs: readonly Measured[]): Omit<Measured, 'stdout'> {
  return {
    wallMs: median(runs.map(({ wallMs }) => wallMs)),
    cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
  };
}

function printFiles(files: readonly string[], before: readonly number[], outcomes: readonly Outcome[]): void {
  const ours = outcomes.find(({ tool }) => tool === 'ours')?.bytes ?? before;
  const saved = (at: number): number => (before[at] ?? 0) - (ours[at] ?? 0);
  const isDamaged = (file: string): boolean => outcomes.some(({ damaged }) => damaged.includes(file));
  const order = files.map((_, at) => at).sort((a, b) => saved(b) - saved(a));
  const shown = values.all
    ? order
    : order.filter((at, rank) => rank < 8 || isDamaged(files[at] as string)).slice(0, 30);
  console.log(
    `\n| file | before | ${outcomes.map(({ tool }) => tool).join(' | ')} |\n|---|---|${outcomes.map(() => '---|').join('')}`,
  );
  for (const at of shown) {
    const file = files[at] as string;
    const cells = outcomes.map(
      ({ bytes, damaged }) => `${bytes[at]}${damaged.includes(file) ? ' **damaged**' : ''}`,
    );
    console.log(`| ${[file, before[at], ...cells].join(' | ')} |`);
  }
}

async function compute(
  set: StripSet,
  root: string,
  files: readonly string[],
  stripped: string,
  tree: string,
): Promise<void> {
  if (set.computations.length === 0)
    return console.log('\nnot run: these wheels do not start on this machine');
  const isStripped = new Set(files);
  cpSync(root, tree, {
    recursive: true,
    dereference: true,
    filter: from => !isStripped.has(from.slice(root.length + 1)),
  });
  for (const file of files) linkSync(join(stripped, file), join(tree, file));
  const run = async (dir: string, code: string): Promise<string> => {
    const env = { ...process.env, PYTHONPATH: dir, PYTHONDONTWRITEBYTECODE: '1', TF_CPP_MIN_LOG_LEVEL: '3' };
    return (await exec(PYTHON, ['-c', code], { cwd: tmpdir(), env })).stdout;
  };
  for (const code of set.computations) {
    const [expected, got] = [await run(root, code), await run(tree, code).catch(String)];
    const first = code.trim().split('\n')[0];
    console.log(`\n${expected === got ? 'computes as before' : `DIFFERS: ${got}`}: ${first}`);
    if (expected !== got) process.exitCode = 1;
  }
  rmSync(tree, { recursive: true });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
