import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readLogs } from '../../src/exact/read-log.ts';
import { type Files, withProject } from '../helpers/project.ts';

const RECORDER = fileURLToPath(new URL('../../src/shims/record.cjs', import.meta.url));

/** Runs `main.mjs` of a project with the recorder, and gives what it printed and touched. */
function record(files: Files, env: Readonly<Record<string, string>> = {}) {
  return withProject({ 'task/main.mjs': '', ...files }, async dir => {
    const logs = join(dir, 'logs');
    await mkdir(logs);
    const cwd = join(dir, 'task');
    const { stdout, stderr, status } = spawnSync(process.execPath, ['main.mjs'], {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        NODE_OPTIONS: `--require "${RECORDER}"`,
        LAMBDA_SLIM_RECORD: logs,
        LAMBDA_TASK_ROOT: cwd,
        ...env,
      },
    });
    const { read, looked, listed } = await readLogs(logs);
    return { stdout, stderr, status, read, looked, listed };
  });
}

const FUNCTIONS: readonly (readonly [string, string, 'read' | 'looked' | 'listed'])[] = [
  ['readFileSync', `fs.readFileSync(file)`, 'read'],
  ['a named import', `readFileSync(file)`, 'read'],
  ['a URL', `fs.readFileSync(new URL('./' + file, import.meta.url))`, 'read'],
  ['a Buffer', `fs.readFileSync(Buffer.from(file))`, 'read'],
  ['readFile with a callback', `fs.readFile(file, () => {})`, 'read'],
  ['promises.readFile', `await fsp.readFile(file)`, 'read'],
  ['openSync', `fs.closeSync(fs.openSync(file))`, 'read'],
  ['a FileHandle', `await (await fsp.open(file)).close()`, 'read'],
  ['a stream', `for await (const part of fs.createReadStream(file));`, 'read'],
  ['new ReadStream', `for await (const part of new fs.ReadStream(file));`, 'read'],
  ['copyFile', `await fsp.copyFile(file, '../copy')`, 'read'],
  ['openAsBlob', `await fs.openAsBlob(file)`, 'read'],
  ['a command', `cp.spawnSync('/bin/true', [file])`, 'read'],
  ['a command for a shell', `cp.execSync('true "' + file + '"')`, 'read'],
  ['a command by callback', `cp.exec('true ' + file, () => {})`, 'read'],
  ['statSync', `fs.statSync(file)`, 'looked'],
  ['a promisified one', `await promisify(fs.stat)(file)`, 'looked'],
  ['existsSync', `fs.existsSync(file)`, 'looked'],
  ['promises.access', `await fsp.access(file)`, 'looked'],
  ['realpath.native', `fs.realpathSync.native(file)`, 'looked'],
  ['readdir', `fs.readdirSync(file)`, 'listed'],
  ['opendir', `for await (const entry of await fsp.opendir(file));`, 'listed'],
];

test('every way to touch a file is told', async () => {
  const ways = FUNCTIONS.map(([name, call, kind], index) => ({ name, call, kind, path: `f${index}` }));
  const main = `
    import fs, { readFileSync } from 'node:fs';
    import fsp from 'node:fs/promises';
    import cp from 'node:child_process';
    import { promisify } from 'node:util';
    ${ways.map(({ call, path }) => `{ const file = '${path}'; ${call}; }`).join('\n')}
  `;
  const files = ways.map(({ kind, path }) => [`task/${path}${kind === 'listed' ? '/y' : ''}`, '']);
  const result = await record({ 'task/main.mjs': main, ...Object.fromEntries(files), 'task/z': '' });
  assert.is(result.status, 0, result.stderr);
  for (const { name, kind, path } of ways) {
    assert.ok(result[kind].has(path), name);
    assert.is(result.read.has(path), kind === 'read', name);
  }
  assert.not.ok(result.read.has('z'));
});

test('every way to load a module is told', async () => {
  const { read, status, stderr } = await record({
    'task/main.mjs': `
      import './a.mjs';
      import table from './t.json' with { type: 'json' };
      import { createRequire } from 'node:module';
      import { Worker } from 'node:worker_threads';
      import cp from 'node:child_process';
      await import('./b.mjs?query');
      const require = createRequire(import.meta.url);
      require('./c.cjs');
      try { require('./broken.node'); } catch {}
      for (const options of [{}, { env: {} }, { execArgv: [] }])
        await new Promise(resolve => new Worker('./w.mjs', { ...options, argv: [JSON.stringify(options)] }).on('exit', resolve));
      cp.execFileSync(process.execPath, ['child.cjs']);
      import.meta.resolve('pkg');
    `,
    'task/a.mjs': 'export * from "./deep.mjs";',
    'task/deep.mjs': '',
    'task/b.mjs': '',
    'task/t.json': '{}',
    'task/c.cjs': 'require("./d"); require.resolve("./e.js")',
    'task/d/index.js': '',
    'task/e.js': '',
    'task/broken.node': 'no library',
    'task/w.mjs':
      'import fs from "node:fs"; fs.readFileSync("by-worker" + process.argv[2].replace(/\\W/g, ""));',
    'task/by-worker': '',
    'task/by-workerenv': '',
    'task/by-workerexecArgv': '',
    'task/child.cjs': 'require("./of-child.cjs")',
    'task/of-child.cjs': '',
    'task/node_modules/pkg/package.json': '{"exports":"./p.js","type":"module"}',
    'task/node_modules/pkg/p.js': '',
    'task/unused.js': '',
  });
  assert.is(status, 0, stderr);
  const loaded = [...read].filter(path => !path.endsWith('package.json')).sort();
  assert.equal(loaded, [
    'a.mjs',
    'b.mjs',
    'broken.node',
    'by-worker',
    'by-workerenv',
    'by-workerexecArgv',
    'c.cjs',
    'child.cjs',
    'd/index.js',
    'deep.mjs',
    'e.js',
    'main.mjs',
    'node_modules/pkg/p.js',
    'of-child.cjs',
    't.json',
    'w.mjs',
  ]);
});

test('what lies elsewhere, or nowhere, is not told, and nothing is told twice', async () => {
  const { read, looked, status } = await record({
    'task/main.mjs': `
      import fs from 'node:fs';
      import assert from 'node:assert';
      for (let i = 0; i < 1000; i++) { fs.existsSync('missing' + i); fs.existsSync('x'); fs.readFileSync('../else'); }
      const [log] = fs.readdirSync(process.env.LAMBDA_SLIM_RECORD);
      assert(fs.statSync(process.env.LAMBDA_SLIM_RECORD + '/' + log).size < 2000);
    `,
    'task/x': '',
    else: '',
  });
  assert.is(status, 0);
  assert.equal(
    [...looked].filter(path => path !== 'main.mjs'),
    ['x'],
  );
  assert.equal([...read], ['main.mjs']);
});

test('it changes no result, and without a folder it does nothing', async () => {
  const main = `
    import fs from 'node:fs';
    import threads from 'node:worker_threads';
    import { promisify } from 'node:util';
    const errors = [() => fs.readFileSync(), () => fs.statSync('none'), () => fs.readdirSync(7)].map(run => {
      try { return run(); } catch ({ code }) { return code; }
    });
    console.log(JSON.stringify([errors, await promisify(fs.exists)('x'), fs.readFile.length, fs.readFile.name, typeof fs.realpath.native,
      threads.Worker.name, await fs.promises.readFile('x', 'utf8')]));
  `;
  const files = { 'task/main.mjs': main, 'task/x': 'text' };
  const recorded = await record(files);
  const plain = await record(files, { NODE_OPTIONS: '' });
  assert.ok(plain.stdout.includes('text'), plain.stderr);
  assert.is(recorded.stdout, plain.stdout, recorded.stderr);
  const off = await record(files, { LAMBDA_SLIM_RECORD: '' });
  assert.is(off.stdout, plain.stdout);
  assert.is(off.read.size, 0);
  const lost = await record(files, { LAMBDA_SLIM_RECORD: '/nowhere/at/all' });
  assert.is(lost.stdout, plain.stdout, 'a folder that is not there is no failure');
});

test('what was told before a process was killed is not lost', async () => {
  const main = `import fs from 'node:fs'; fs.readFileSync('x'); process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`;
  const { read, status } = await record({ 'task/main.mjs': main, 'task/x': '' });
  assert.is(status, null);
  assert.ok(read.has('x'));
});

test.run();
