import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { discoverFunctions } from '../../src/config/discover-functions.ts';
import { formatConfig } from '../../src/config/format-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { ResolvedFunction } from '../../src/types.ts';
import { type Files, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const HANDLER = 'def handler(event, context): pass\n';
const LAMBDA_HANDLER = 'def lambda_handler(event, context): pass\n';

/** The one function of a config, with its paths relative to the project. */
function resolveOne(
  config: object,
  files: Files,
): Promise<Pick<ResolvedFunction, 'handlerExport'> & Record<string, string>> {
  return withProject(
    { ...files, '.git/HEAD': '', 'lambda-slim.config.json': JSON.stringify(config) },
    async dir => {
      const { functions } = await loadConfig(dir, {}, {});
      const [fn] = functions;
      assert.ok(fn);
      const { handlerExport, platform } = fn;
      const inside = (path: string): string => path.slice(dir.length + 1);
      return { handlerExport, entry: inside(fn.entry), root: inside(fn.root), runtime: platform.runtime.id };
    },
  );
}

test('an entry of Python has a runtime of Python, and the root that says what it depends on', async () => {
  const files = { 'fn/src/app.py': HANDLER, 'fn/requirements.txt': '', 'package.json': '{}' };
  assert.equal(await resolveOne({ entry: 'fn/src/app.py' }, files), {
    handlerExport: 'handler',
    entry: 'fn/src/app.py',
    root: 'fn',
    runtime: 'python3.13',
  });
  const asked = await resolveOne({ entry: 'fn/src/app', runtime: 'python3.11', handler: 'run' }, files);
  assert.equal([asked.entry, asked.runtime, asked.handlerExport], ['fn/src/app.py', 'python3.11', 'run']);
});

test("AWS's forms of a handler, dots through packages too; without one the usual name that is there", async () => {
  const files = {
    'app.py': LAMBDA_HANDLER,
    'pkg/__init__.py': '',
    'pkg/api.py': HANDLER,
    'index.js': '',
    'requirements.txt': '',
  };
  const rows: readonly (readonly [entry: string, file: string, handlerExport: string])[] = [
    ['app.py', 'app.py', 'lambda_handler'],
    ['app.main', 'app.py', 'main'],
    ['pkg.api.handler', 'pkg/api.py', 'handler'],
    ['pkg/api.handler', 'pkg/api.py', 'handler'],
  ];
  for (const [entry, file, handlerExport] of rows) {
    const found = await resolveOne({ entry }, files);
    assert.equal([found.entry, found.handlerExport], [file, handlerExport], entry);
  }
});

test('the runtime tells which of two files is meant; one for another language is refused', async () => {
  const files = {
    'app.py': HANDLER,
    'app.mjs': 'export const handler = 1',
    'requirements.txt': '',
    'package.json': '{}',
  };
  const python = await resolveOne({ entry: 'app.handler', runtime: 'python3.12' }, files);
  const node = await resolveOne({ entry: 'app.handler', runtime: 'nodejs22.x' }, files);
  assert.equal([python.entry, node.entry], ['app.py', 'app.mjs']);
  const error = await rejects(
    resolveOne({ entry: 'app.py', runtime: 'nodejs22.x' }, files),
    'RUNTIME_MISMATCH',
  );
  assert.match(error.message, /app\.py cannot run on nodejs22\.x/);
});

const discover = (files: Files) => withProject(files, dir => discoverFunctions(dir));

test('init finds Python functions by the files of deployment tools', async () => {
  const found = await discover({
    'template.yaml':
      'Resources:\n  A:\n    Properties:\n      CodeUri: hello/\n      Handler: app.lambda_handler\n      Runtime: python3.12\n      Architectures: [arm64]\n',
    'hello/app.py': LAMBDA_HANDLER,
  });
  assert.equal(found.functions, [{ entry: 'hello/app.py', handler: 'lambda_handler' }]);
  assert.equal([found.runtime, found.arch, found.isTypeScript], ['python3.12', 'arm64', false]);
  assert.match(formatConfig(found, 'json'), '"runtime": "python3.12"');
  const cdk = await discover({
    'cdk.json': '{}',
    'lib/stack.ts': "handler: 'fn/app.handler',\nruntime: Runtime.PYTHON_3_11",
    'fn/app.py': HANDLER,
  });
  assert.equal([cdk.runtime, cdk.functions[0]?.entry], ['python3.11', 'fn/app.py']);
});

test('without them by the usual files that have a handler, and what pyproject.toml asks for', async () => {
  const found = await discover({
    'app.py': 'import helper',
    'lambda_function.py': LAMBDA_HANDLER,
    'pyproject.toml': '[project]\nrequires-python = ">=3.10,<3.13"\n',
  });
  assert.equal(found.functions, [{ entry: 'lambda_function.py', handler: null }]);
  assert.is(found.runtime, 'python3.12');
  assert.ok(found.found.includes('runtime python3.12, from "requires-python" in pyproject.toml'));
  const plain = await discover({ 'src/main.py': HANDLER });
  assert.equal(
    [plain.functions[0]?.entry, plain.runtime],
    [join('src', 'main.py').replaceAll('\\', '/'), 'python3.13'],
  );
});

test('of two languages the one of the runtime is taken', async () => {
  const files = {
    'serverless.yml':
      'provider:\n  runtime: python3.12\nfunctions:\n  a:\n    handler: a.handler\n  b:\n    handler: b.handler\n',
    'a.py': HANDLER,
    'b.mjs': '',
  };
  const { functions } = await discover(files);
  assert.equal(functions, [{ entry: 'a.py', handler: null }]);
});

test.run();
