import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkArtifact } from '../../src/check/check-artifact.ts';
import { hasNodeExport, hasPythonName } from '../../src/check/handler/has-export.ts';
import type { Finding } from '../../src/findings.ts';
import { platformOf } from '../helpers/check.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';

type Files = Readonly<Record<string, string>>;

async function judge(
  files: Files,
  handler: string,
  runtime: string,
  layer: Files = {},
): Promise<readonly Finding[]> {
  return withProject({ 'fn.zip': plainZip(files), 'layer.zip': plainZip(layer) }, async dir => {
    const { findings } = await checkArtifact(join(dir, 'fn.zip'), {
      platform: runtime.startsWith('provided') ? null : platformOf(runtime),
      layers: [join(dir, 'layer.zip')],
      tmpMiB: 512,
      handler,
      runtimeId: runtime,
      signal: new AbortController().signal,
    });
    return findings.filter(({ code }) => /HANDLER|EXEC_BIT/.test(code));
  });
}

const ESM = 'export const handler = async () => 1;';
const NODE = 'nodejs22.x';
const PYTHON = 'python3.12';

const SOUND: readonly (readonly [string, string, Files, Files?])[] = [
  ['index.handler', NODE, { 'index.mjs': ESM }],
  ['src/index.handler', NODE, { 'src/index.js': 'exports.handler = () => 1;' }],
  ['src/app.name.handler', NODE, { 'src/app.js': 'exports.name = { handler() {} };' }],
  ['./index.handler', NODE, { 'index.cjs': 'module.exports = { handler };' }],
  ['node_modules/wrap/dist/handler.handler', NODE, {}, { 'nodejs/node_modules/wrap/dist/handler.mjs': ESM }],
  ['/opt/nodejs/wrap.handler', NODE, {}, { 'nodejs/wrap.js': 'exports.handler = 1' }],
  ['app.handler', PYTHON, { 'app.py': 'def handler(event, context): pass' }],
  ['pkg.app.handler', PYTHON, { 'pkg/app.py': 'from .a import handler' }],
  ['pkg/app.handler', PYTHON, { 'pkg/app/__init__.py': 'handler = make()' }],
  ['app.handler', PYTHON, { 'app.cpython-312-x86_64-linux-gnu.so': '' }],
  ['app.handler', PYTHON, {}, { 'python/app.py': 'async def handler(e, c): ...' }],
  ['app.handler', PYTHON, {}, { 'python/lib/python3.12/site-packages/app.py': 'handler = 1' }],
];

for (const [handler, runtime, files, layer] of SOUND) {
  test(`${handler} of ${runtime} is there with ${Object.keys({ ...files, ...layer })}`, async () =>
    assert.equal(await judge(files, handler, runtime, layer), []));
}

test('a handler whose file is not there is told with what was looked for, and where one like it lies', async () => {
  const [found, ...others] = await judge({ 'fn/index.mjs': ESM }, 'index.handler', NODE);
  assert.equal(others, []);
  assert.equal(found, {
    ...{ code: 'HANDLER_MISSING', level: 'error', handler: 'index.handler' },
    ...{ expected: ['index.js', 'index.mjs', 'index.cjs'], elsewhere: 'fn/index.mjs' },
  });
  const [python] = await judge({ 'other.py': '', 'python/x.py': '' }, 'app.handler', PYTHON);
  assert.equal(python, {
    ...{ code: 'HANDLER_MISSING', level: 'error', handler: 'app.handler' },
    ...{ expected: ['app.py', 'app/__init__.py'], elsewhere: null },
  });
});

test('a handler that its file does not export is told', async () => {
  assert.equal(await judge({ 'index.mjs': 'export const main = 1;' }, 'index.handler', NODE), [
    {
      ...{ code: 'HANDLER_NOT_EXPORTED', level: 'error', handler: 'index.handler' },
      ...{ path: 'index.mjs', name: 'handler' },
    },
  ]);
  const python = await judge({ 'app.py': 'def main(): pass' }, 'app.handler', PYTHON);
  assert.equal(
    python.map(({ code }) => code),
    ['HANDLER_NOT_EXPORTED'],
  );
});

test('a custom runtime starts by a bootstrap that may be executed', async () => {
  const codes = async (files: Files): Promise<readonly string[]> =>
    (await judge(files, 'x', 'provided.al2023')).map(({ code }) => code);
  assert.equal(await codes({ main: '' }), ['HANDLER_MISSING']);
  assert.equal(await codes({ bootstrap: '#!/bin/sh' }), ['EXEC_BIT_LOST']);
  const program = { bootstrap: { program: '#!/bin/sh' } } as unknown as Files;
  assert.equal(await codes(program), []);
});

const NODE_TEXTS: readonly (readonly [string, boolean | null])[] = [
  ['export function handler() {}', true],
  ['export async function handler() {}', true],
  ['export{a as handler};', true],
  ['var x=1;export{x as y,z as handler}', true],
  ['export { "handler" }', true],
  ['export * from "./a.js"', null],
  ['export const { handler } = make();', null],
  ['const handler = 1; export { main };', false],
  ['export default { handler() {} }', false],
  ['export const handlers = 1;', false],
  ['exports.handler = 1', true],
  ['module.exports.handler = 1', true],
  ['__export(a, { handler: () => b }); module.exports = c(a);', true],
  ['module.exports = require("./a")', null],
  ['module.exports = { main }', false],
  ['module.exports = { ...other }', null],
  ['exports.main = 1', false],
  ['const handler = 1;', false],
];

for (const [text, expected] of NODE_TEXTS)
  test(`JavaScript: ${text}`, () => assert.is(hasNodeExport(text, 'handler'), expected));

const PYTHON_TEXTS: readonly (readonly [string, boolean | null])[] = [
  ['if x:\n    def handler(): pass', true],
  ['handler: Callable = make()', true],
  ['from a import b as handler', true],
  ['from a import *', null],
  ['class handler: pass', true],
  ['run(handler)', null],
  ['def handlers(): pass', false],
];

for (const [text, expected] of PYTHON_TEXTS)
  test(`Python: ${JSON.stringify(text)}`, () => assert.is(hasPythonName(text, 'handler'), expected));

test.run();
