import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../../src/container/explain-engine-error.ts';
import { describePython } from '../../src/lambda/find-python.ts';
import { exec } from '../../src/util/exec.ts';
import { canMakeBuildImage, makeBuildImage, NODE_MAJOR } from '../helpers/build-image.ts';
import { startDocker, type TestEngine } from '../helpers/docker-engine.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, withProject, writeFiles } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const IMAGE = 'lambda-slim-test/build:1';
const CONTAINER = { network: 'host', vendorLibraries: true };

/** Written in C for OpenMP, whose library Lambda lacks; by Node-API, and for Python. */
const SUM = `
static double sum(long count) {
  double total = 0;
#pragma omp parallel for reduction(+ : total)
  for (long i = 1; i <= count; i++) total += i;
  return total;
}
`;

const ADDON: Files = {
  'package.json': JSON.stringify({ name: 'c-sum', version: '1.0.0', main: 'index.js', files: ['*'] }),
  'index.js': "module.exports = require('./build/Release/c_sum.node');",
  'binding.gyp': `{ "targets": [{ "target_name": "c_sum", "sources": ["sum.c"], "cflags": ["-fopenmp"], "ldflags": ["-fopenmp"] }] }`,
  'sum.c': `#include <node_api.h>
${SUM}
static napi_value Sum(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argv[1], result;
  double count;
  napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
  napi_get_value_double(env, argv[0], &count);
  napi_create_double(env, sum((long)count), &result);
  return result;
}
NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "sum", NAPI_AUTO_LENGTH, Sum, NULL, &function);
  napi_set_named_property(env, exports, "sum", function);
  return exports;
}
`,
};

/** The same as a package of the project itself, without what would need a library. */
const OWN: Files = {
  ...ADDON,
  'package.json': JSON.stringify({ name: 'own-sum', version: '1.0.0', main: 'index.js' }),
  'binding.gyp': `{ "targets": [{ "target_name": "c_sum", "sources": ["sum.c"] }] }`,
};

const NODE: Files = {
  'package.json': JSON.stringify({
    name: 'app',
    version: '1.0.0',
    dependencies: { bufferutil: '4.1.0', 'c-sum': 'file:c-sum-1.0.0.tgz', 'own-sum': 'file:./own' },
  }),
  'index.mjs': `import bufferutil from 'bufferutil';
import cSum from 'c-sum';
import ownSum from 'own-sum';
export const handler = async ({ count }) => {
  const masked = Buffer.alloc(4);
  bufferutil.mask(Buffer.from([1, 2, 3, 4]), Buffer.from([255, 0, 255, 0]), masked, 0, 4);
  return { masked: [...masked], sum: cSum.sum(count), own: ownSum.sum(count) };
};
`,
  'events/one.json': '{"count":10}',
  'lambda-slim.config.json': JSON.stringify({
    entry: 'index.mjs',
    runtime: `nodejs${NODE_MAJOR}.x`,
    install: { container: IMAGE },
    container: { ...CONTAINER, environment: ['npm_config_build_from_source'] },
  }),
};

const SDIST: Files = {
  'pyproject.toml':
    '[build-system]\nrequires = ["setuptools==75.8.0"]\nbuild-backend = "setuptools.build_meta"\n',
  'setup.py': `from setuptools import Extension, setup
setup(name="quick_sum_of_test", version="1.0", ext_modules=[Extension("quick_sum_of_test", ["sum.c"])])
`,
  'sum.c': `#include <Python.h>
${SUM}
static PyObject *py_sum(PyObject *self, PyObject *arg) {
  return PyFloat_FromDouble(sum(PyLong_AsLong(arg)));
}
static PyMethodDef methods[] = {{"sum", py_sum, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "quick_sum_of_test", NULL, -1, methods};
PyMODINIT_FUNC PyInit_quick_sum_of_test(void) { return PyModule_Create(&module); }
`,
};

const PYTHON: Files = {
  'requirements.txt': 'quick_sum_of_test==1.0\n--find-links ./dist\n',
  'app.py':
    'import quick_sum_of_test\n\ndef handler(event, context):\n    return {"sum": quick_sum_of_test.sum(event["count"])}\n',
  'lambda-slim.config.json': JSON.stringify({
    entry: 'app.py',
    runtime: 'python3.11',
    install: { container: IMAGE },
    container: { network: 'host' },
  }),
  'named.json': JSON.stringify({
    entry: 'app.py',
    runtime: 'python3.11',
    install: { container: IMAGE },
    container: { network: 'host', vendorLibraries: ['libgomp.so.1'] },
  }),
  'absent.json': JSON.stringify({
    entry: 'app.py',
    runtime: 'python3.11',
    install: { container: IMAGE },
    container: { network: 'host', vendorLibraries: ['libgomp.so.9'] },
  }),
};

const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));

/** Runs a command of the CLI with a cache of the test's own. */
function runCli({ env: { DOCKER_HOST = '' } }: TestEngine, cwd: string, args: readonly string[]) {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:npm|PIP|UV)_/i.test(name));
  const variables = {
    DOCKER_HOST,
    LAMBDA_SLIM_CACHE: join(cwd, '../cache'),
    npm_config_build_from_source: 'true',
    PIP_CERT: process.env.PIP_CERT,
  };
  const known = [...own, ...Object.entries(variables)].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return runFake([...args, '--json'], { cwd, env: Object.fromEntries(known) });
}

/** Likewise, and it has to end well; gives its JSON. */
async function succeeds(engine: TestEngine, cwd: string, args: readonly string[]) {
  const { code, stdout, stderr } = await runCli(engine, cwd, args);
  assert.is(code, 0, stdout + stderr);
  return JSON.parse(stdout);
}

const codesOf = (findings: readonly { readonly code: string }[]): readonly string[] =>
  findings.map(({ code }) => code);

/** Builds with and without what earlier builds left, and gives the paths in the artifact. */
async function buildTwice(engine: TestEngine, cwd: string): Promise<readonly string[]> {
  const zip = join(cwd, 'lambda-slim-out/function.zip');
  await succeeds(engine, cwd, ['build', '--container']);
  const bytes = await readFile(zip);
  await succeeds(engine, cwd, ['build', '--no-cache']);
  assert.ok(bytes.equals(await readFile(zip)), 'the same bytes from another container');
  const { stdout } = await exec('unzip', ['-Z1', zip], { cwd: '/' });
  return stdout.split('\n');
}

async function invoke(engine: TestEngine, cwd: string): Promise<unknown> {
  const { answer } = await succeeds(engine, cwd, ['invoke', '--event', '{"count":1000}']);
  return answer;
}

async function testNode(engine: TestEngine, cwd: string): Promise<void> {
  const paths = await buildTwice(engine, cwd);
  const expected = [
    'lib/libgomp.so.1',
    'lib/licences/libgomp1/copyright',
    'node_modules/bufferutil/build/Release/bufferutil.node',
    'node_modules/c-sum/build/Release/c_sum.node',
    'node_modules/own-sum/build/Release/c_sum.node',
  ];
  assert.equal(
    expected.filter(path => !paths.includes(path)),
    [],
  );
  assert.equal(await invoke(engine, cwd), { masked: [254, 2, 252, 4], sum: 500_500, own: 500_500 });
  // The original function needs the same libraries.
  const verified = await succeeds(engine, cwd, ['verify']);
  assert.not.match(JSON.stringify(verified), /VERIFY_/);
}

/** What an error shows to be pasted does in a shell what the build did. */
async function testByHand({ env }: TestEngine, cwd: string): Promise<void> {
  const tool = join(cwd, '../tool');
  const bin = join(tool, 'bin/lambda-slim.js');
  await writeFile(join(cwd, 'own/sum.c'), '#include <nowhere.h>\n');
  await writeFiles(tool, {
    'bin/.keep': '',
    'package.json': '{ "type": "module" }',
    dist: `-> ${fileURLToPath(new URL('../../src', import.meta.url))}`,
  });
  await copyFile('bin/lambda-slim.js', bin);
  const start = `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`;
  await writeFile(join(tool, 'lambda-slim'), start, { mode: 0o755 });
  const variables = { PATH: `${tool}:${env.PATH}`, LAMBDA_SLIM_CACHE: join(cwd, '../cache') };
  const shell = { cwd, env: { ...env, ...variables } };
  const failed = await rejects(exec('lambda-slim', ['build'], shell), 'COMMAND_FAILED');
  const [script = ''] = /^lambda-slim container shell [\s\S]*^END$/m.exec(outputOf(failed)) ?? [];
  assert.match(script, 'compile-in-image.mjs', outputOf(failed));
  const again = await rejects(exec('bash', ['-c', script], shell), 'COMMAND_FAILED');
  for (const error of [failed, again]) assert.match(outputOf(error), 'fatal error: nowhere.h');
}

async function testPython(engine: TestEngine, cwd: string): Promise<void> {
  const paths = await buildTwice(engine, cwd);
  assert.ok(
    paths.some(path => /^quick_sum_of_test\..*\.so$/.test(path)) && !paths.includes('lib/libgomp.so.1'),
  );
  if (await describePython('3.11', { cwd: '/', signal: new AbortController().signal }))
    assert.equal(await invoke(engine, cwd), { sum: 500_500 });
  // What the image has is too new for this runtime, and the gate sees that.
  const named = await runCli(engine, cwd, ['build', '--config', 'named.json']);
  assert.is(named.code, 1, named.stdout + named.stderr);
  const codes = codesOf(JSON.parse(named.stdout).findings);
  assert.ok(codes.includes('LIBRARIES_VENDORED') && codes.includes('GLIBC_TOO_NEW'), codes.join());
  const absent = await runCli(engine, cwd, ['build', '--config', 'absent.json']);
  assert.match(absent.stdout + absent.stderr, /CONTAINER_LIBRARY_ABSENT[\s\S]*libgomp\.so\.9/);
}

if (await canMakeBuildImage()) {
  test('packages that have to be compiled are compiled in an image, with the libraries that Lambda lacks', () =>
    withProject(
      {
        ...inFolder('node', NODE),
        ...inFolder('node/own', OWN),
        ...inFolder('addon', ADDON),
        ...inFolder('python', PYTHON),
        ...inFolder('quick_sum_of_test-1.0', SDIST),
        'docker/.keep': '',
      },
      async dir => {
        const [node, python] = [join(dir, 'node'), join(dir, 'python')];
        await exec('npm', ['pack', '--silent', join(dir, 'addon')], { cwd: node });
        await exec('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: node });
        await mkdir(join(python, 'dist'));
        await exec(
          'tar',
          ['-czf', join(python, 'dist/quick_sum_of_test-1.0.tar.gz'), 'quick_sum_of_test-1.0'],
          { cwd: dir },
        );
        const engine = await startDocker(join(dir, 'docker'));
        try {
          await makeBuildImage(engine, IMAGE);
          await testNode(engine, node);
          await testByHand(engine, node);
          await testPython(engine, python);
          assert.is((await engine.docker('ps', '--all', '--quiet')).trim(), '', 'no container stays');
        } finally {
          await engine.stop();
        }
      },
    ));
}

test.run();
