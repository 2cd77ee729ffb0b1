import { join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findOutFile } from '../../src/config/find-out-file.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { CliArgs, ResolvedConfig } from '../../src/config/types.ts';
import { CONTAINER, withProject } from '../helpers/project.ts';

const project = (name: string): string => resolve('fixtures/projects', `config-${name}`);
const load = (name: string, args: CliArgs = {}): Promise<ResolvedConfig> =>
  loadConfig(project(name), args, {});

test('every default is filled in', async () => {
  const { functions, outDir, single } = await load('json');
  const [fn] = functions;
  assert.equal(
    { ...fn, platform: null },
    {
      name: 'function',
      root: project('json'),
      entry: join(project('json'), 'src/handler.mjs'),
      handlerExport: 'handler',
      platform: null,
      include: [],
      exclude: [],
      external: [],
      bundle: { format: 'auto', minify: true, sourcemap: false, keepNames: false },
      install: { scripts: [], container: false },
      container: { ...CONTAINER, shellArgs: ['--runtime', 'nodejs22.x', '--arch', 'x64'] },
      python: { awsServices: null, runtimeProvides: [] },
      level: 'safe',
      rules: { disable: [], enable: [] },
      keep: [],
      presets: [],
      compress: 'best',
      compileCache: false,
      bytecode: 'auto',
      native: { strip: true, stripExcept: [], dedupe: true, compress: null },
      tmpMiB: 512,
      memoryMiB: 1024,
      timeoutMs: 30_000,
      environment: {},
      verify: {
        enabled: false,
        events: [`${project('json')}/events/*.json`],
        tolerance: 1e-6,
        headers: ['content-type'],
        ignore: [],
      },
      rest: { write: false, fallback: false },
      budget: { zippedBytes: null, unzippedBytes: null, growth: null, initMs: null },
      target: 'zip',
      efs: null,
      publish: { config: {}, memoryMiB: null, timeoutSeconds: null, tmpMiB: null },
    },
  );
  assert.is(fn?.platform.runtime.id, 'nodejs22.x');
  assert.is(fn?.platform.arch, 'x64', "AWS's word for the CPU is understood");
  assert.is(outDir, join(project('json'), 'lambda-slim-out'));
  assert.ok(single);
});

test('a TypeScript config is loaded, with its own import of lambda-slim', async () => {
  const { functions, outDir, source } = await load('ts');
  assert.is(functions[0]?.platform.arch, 'arm64');
  assert.is(outDir, join(project('ts'), 'slim'));
  assert.is(source, join(project('ts'), 'lambda-slim.config.ts'));
});

test('a CommonJS config and the key of a package.json are found too', async () => {
  assert.is((await load('cjs')).functions[0]?.level, 'bold');
  assert.is((await load('package')).functions[0]?.bundle, false);
});

test('the nearest config upwards counts, and its paths are relative to it', async () => {
  const config = await loadConfig(join(project('json'), 'src'), {}, {});
  assert.is(config.source, join(project('json'), 'lambda-slim.config.json'));
  assert.is(config.outDir, join(project('json'), 'lambda-slim-out'));
});

test('the search ends at the folder with .git', () =>
  withProject(
    {
      'lambda-slim.config.json': '{ "entry": "no.js", "misspelt": 1 }',
      'repo/.git/HEAD': '',
      'repo/app/index.js': '',
    },
    async dir => {
      const config = await loadConfig(join(dir, 'repo/app'), { entry: 'index.js' }, {});
      assert.is(config.source, 'command line');
    },
  ));

test('--config and LAMBDA_SLIM_CONFIG name a config, the first before the second', async () => {
  const other = join(project('ts'), 'lambda-slim.config.ts');
  const env = { LAMBDA_SLIM_CONFIG: other };
  assert.is((await loadConfig(project('json'), {}, env)).source, other);
  const args = { config: 'lambda-slim.config.json' };
  assert.is((await loadConfig(project('json'), args, env)).source, join(project('json'), args.config));
});

test('an entry is enough, and lies in the folder of its nearest package.json', async () => {
  const { functions, single, outDir } = await loadConfig(
    project('none'),
    { entry: 'src/handler.mjs', arch: 'arm64' },
    {},
  );
  assert.is(functions[0]?.name, 'function');
  assert.is(functions[0]?.root, project('none'));
  assert.is(functions[0]?.platform.arch, 'arm64');
  assert.is(outDir, join(project('none'), 'lambda-slim-out'));
  assert.ok(single);
});

test("AWS's form of a handler gives the file and the nested export", async () => {
  const [fn] = (await load('aws-form')).functions;
  assert.is(fn?.entry, join(project('aws-form'), 'src/handler.mjs'));
  assert.is(fn?.handlerExport, 'api.handle');
});

test('several functions have artifacts of their own names', async () => {
  const config = await load('several');
  assert.equal(
    config.functions.map(fn => [fn.name, fn.root, fn.handlerExport, findOutFile(config, fn)]),
    [
      ['api', project('several'), 'handler', join(config.outDir, 'api.zip')],
      ['worker', join(project('several'), 'worker'), 'jobs.run', join(config.outDir, 'worker.zip')],
    ],
  );
  const one = await load('several', { function: ['worker'] });
  const [worker] = one.functions;
  assert.is(one.functions.length, 1);
  assert.is(worker && findOutFile(one, worker), join(one.outDir, 'worker.zip'));
});

test('functions share what stands beside them: values are replaced, lists add up', async () => {
  const [plain, own, loose] = (await load('shared')).functions;
  const bundle = { format: 'auto', minify: true, sourcemap: true, keepNames: false };
  assert.is(plain?.platform.arch, 'arm64');
  assert.equal(plain?.bundle, bundle);
  assert.equal(plain?.presets, [join(project('shared'), 'presets/own.json')]);
  assert.is(own?.platform.arch, 'x64');
  assert.equal(own?.external, ['shared', 'mine']);
  assert.equal(own?.bundle, { ...bundle, minify: false });
  assert.is(loose?.bundle, false);
});

test('the command line beats the config and adds to its lists', async () => {
  const args: CliArgs = {
    function: ['own'],
    arch: 'arm64',
    keep: ['b'],
    preset: ['mine.json'],
    minify: true,
    sourcemap: false,
    allowScripts: ['x'],
    disableRule: ['a/b'],
    compileCache: true,
    out: 'elsewhere',
  };
  const { functions, outDir } = await load('shared', args);
  const [fn] = functions;
  assert.is(fn?.platform.arch, 'arm64');
  assert.equal(fn?.keep, ['a', 'b']);
  assert.equal(fn?.presets, [
    join(project('shared'), 'presets/own.json'),
    join(project('shared'), 'mine.json'),
  ]);
  assert.equal(fn?.bundle, { format: 'auto', minify: true, sourcemap: false, keepNames: false });
  assert.equal(fn?.install.scripts, ['x']);
  assert.equal(fn?.rules.disable, ['a/b']);
  assert.is(fn?.compileCache, true);
  assert.is(outDir, join(project('shared'), 'elsewhere'));
});

test('--no-minify does not switch on a bundle that the config switched off', async () => {
  assert.is((await load('shared', { function: ['loose'], minify: false })).functions[0]?.bundle, false);
  assert.is((await load('shared', { function: ['plain'], bundle: false })).functions[0]?.bundle, false);
});

test('a bundled function is found where the own config lacks it, and built into the current folder', () =>
  withProject({ 'index.js': '', '.git/HEAD': '' }, async dir => {
    for (const [name, entry] of [
      ['resnet', 'index.ts'],
      ['resnet-torch', 'app.py'],
    ] as const) {
      const config = await loadConfig(dir, { function: [name] }, {});
      assert.is(config.functions[0]?.entry, join(process.cwd(), 'src/handlers', name, entry));
      assert.is(config.outDir, join(dir, 'lambda-slim-out'));
      assert.not.ok(config.single, 'resnet.zip, not the function.zip of the project');
    }
  }));

test.run();
