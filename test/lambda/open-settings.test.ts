import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HOST_ARCH, invokeCode, invokeFiles } from '../helpers/invoke.ts';
import { rejects } from '../helpers/rejects.ts';

const OTHER_ARCH = HOST_ARCH === 'arm64' ? 'x64' : 'arm64';
const WHOAMI = `export const handler = async () => [process.env._HANDLER, process.env.AWS_EXECUTION_ENV];
export const other = handler;`;

test('the manifest beside the zip decides handler and runtime, options beat it, and without both there are defaults', async () => {
  const manifest = { schema: 1, handler: 'index.other', runtime: 'nodejs22.x', arch: HOST_ARCH };
  const answers = [
    await invokeCode(WHOAMI),
    await invokeCode(WHOAMI, { manifest }),
    await invokeCode(WHOAMI, { manifest, handler: 'index.handler' }),
    await invokeCode(WHOAMI, { manifest, runtime: 'nodejs24.x' }),
  ].map(({ answer }) => answer);
  assert.equal(answers, [
    ['index.handler', 'AWS_Lambda_nodejs24.x'],
    ['index.other', 'AWS_Lambda_nodejs22.x'],
    ['index.handler', 'AWS_Lambda_nodejs22.x'],
    ['index.other', 'AWS_Lambda_nodejs24.x'],
  ]);
});

test('a zip of any other name works, with and without its manifest', async () => {
  const name = 'function';
  assert.is((await invokeCode(WHOAMI, { name })).error, null);
  const { answer } = await invokeCode(WHOAMI, { name, manifest: { handler: 'index.other' } });
  assert.equal(answer, ['index.other', 'AWS_Lambda_nodejs24.x']);
});

const DAMAGED: readonly (readonly [title: string, manifest: string | object, says: RegExp])[] = [
  ['no JSON', '{ "handler": ', /JSON/],
  ['an empty file', '', /JSON/],
  ['a zip', 'PK\x03\x04', /JSON/],
  ['null', 'null', /the whole of it: .*object/],
  ['a handler that is no text', { handler: 7 }, /handler: .*string/],
  ['a runtime that is no text', { runtime: ['nodejs24.x'] }, /runtime: .*string/],
  ['a CPU that nobody knows', { arch: 'mips' }, /arch: .*"x64"/],
];

for (const [title, manifest, says] of DAMAGED) {
  test(`a damaged manifest is told: ${title}`, async () => {
    const error = await rejects(
      invokeCode(WHOAMI, { manifest, handler: 'index.handler' }),
      'MANIFEST_INVALID',
    );
    assert.match(error.message, 'function.manifest.json');
    assert.match(error.message, says);
  });
}

test('what cannot be run here is refused before it runs', async () => {
  await rejects(invokeCode(WHOAMI, { manifest: { arch: OTHER_ARCH } }), 'ARCH_CANNOT_RUN');
  const error = await rejects(invokeCode(WHOAMI, { runtime: 'nodejs24' }), 'UNKNOWN_RUNTIME');
  assert.match(error.message, 'Did you mean nodejs24.x?');
});

test('the event comes as it is, also a large one with every kind of character', async () => {
  const code = `export const handler = async event => event;`;
  const events = [
    null,
    0,
    '',
    'a\nb\u2028\u2029\0\ud83d\ude00',
    [],
    { a: { b: [null] } },
    'é'.repeat(3_000_000),
  ];
  const answers = await events.reduce<Promise<readonly unknown[]>>(
    async (done, event) => [...(await done), (await invokeCode(code, { event })).answer],
    Promise.resolve([]),
  );
  assert.equal(answers, events);
});

test('a file of the artifact is where the code looks for it, and keeps its mode', async () => {
  const { answer } = await invokeFiles(
    {
      'data/a.txt': 'beside',
      'src/index.mjs': `
      import { readFileSync, statSync } from 'node:fs';
      const url = new URL('../data/a.txt', import.meta.url);
      export const handler = async () => [readFileSync(url, 'utf8'), readFileSync('data/a.txt', 'utf8'), statSync(url).mode & 0o777];`,
    },
    { handler: 'src/index.handler' },
  );
  assert.equal(answer, ['beside', 'beside', 0o644]);
});

test('Node.js gets the flags of Lambda for the memory size', async () => {
  const { answer } = await invokeCode(
    `import { getHeapStatistics } from 'node:v8';
    export const handler = async () => [typeof gc, Math.round(getHeapStatistics().heap_size_limit / 2 ** 20)];`,
    { memoryMiB: 512 },
  );
  const [gc, heap] = answer as [string, number];
  assert.is(gc, 'function');
  assert.ok(heap > 400 && heap < 640, `${heap} MiB`);
});

const PYTHON = `def handler(event, context): return 1`;
const NODE = 'exports.handler = async () => 1;';

test('what can only be for Python is not run on Node.js', async () => {
  for (const [files, handler] of [
    [{ 'lambda_function.py': PYTHON }],
    [{ 'lambda_function.py': PYTHON, 'static/app.js': NODE, 'lib.js': NODE }],
    [{ 'app.py': PYTHON, 'data.json': '{}' }],
    [{ 'api/get.py': PYTHON, 'index.js': NODE }, 'api/get.handler'],
  ] as const) {
    const error = await rejects(invokeFiles(files, handler === undefined ? {} : { handler }), 'USAGE');
    assert.match(error.message, /function\.zip looks like .* --runtime python3\.13/);
  }
  for (const [files, handler] of [
    [{ 'lambda_function.py': PYTHON, 'index.js': NODE }],
    [{ 'setup.py': PYTHON, 'api.py': PYTHON, 'api/get.js': NODE }, 'api/get.handler'],
    [{ 'get.py': PYTHON, 'get.cjs': NODE }, 'get.handler'],
  ] as const)
    assert.is((await invokeFiles(files, handler === undefined ? {} : { handler })).answer, 1);
});

test('a folder to show that is missing or is none is refused, not run without a sandbox', async () => {
  for (const folder of [join(import.meta.dirname, 'missing'), import.meta.filename]) {
    await rejects(invokeCode(WHOAMI, { mount: { path: '/mnt/ml', folder } }), 'INPUT_UNREADABLE');
    await rejects(invokeCode(WHOAMI, { runtimePackages: folder }), 'INPUT_UNREADABLE');
  }
});

test.run();
