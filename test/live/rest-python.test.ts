import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findPython } from '../../src/lambda/find-python.ts';
import { compileNative, DEEP, INNER, MODULE } from '../shims/native-package.ts';
import { type Case, noise } from '../shims/rest-laboratory.ts';
import { withPython } from '../shims/rest-python.ts';
import { addPythonCases } from '../shims/rest-python-cases.ts';
import { CERTIFICATE, type Mood, withRestServer } from '../shims/rest-server.ts';

const options = { cwd: process.cwd(), signal: new AbortController().signal };
const versions = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'];
const pythons = (await Promise.all(versions.map(version => findPython(version, options)))).flatMap(
  path => path ?? [],
);

for (const python of pythons) addPythonCases(python, test, `${python}: `);

// ---- extension modules and libraries ----

const python = pythons.at(-1);
const hasGcc = spawnSync('gcc', ['--version']).status === 0;

if (process.platform === 'linux' && hasGcc && python) {
  const files = {
    ...(await compileNative(python)),
    'n/__init__.py': 'from ._n import answer\n',
    'app.py': `import os
def handler():
    import n, n._n
    return [n.answer(), n._n.__file__.endswith("/task/n/_n.so")]
`,
    'load.py': `import ctypes, os
def handler():
    return ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(__file__)), "${INNER}")).inner()
`,
  };
  const sets = [[MODULE], [INNER], [DEEP], [MODULE, INNER], [MODULE, INNER, DEEP]];
  for (const gone of sets) {
    const isGone = (path: string): boolean => gone.includes(path);
    for (const [how, each] of Object.entries({
      gone: { files, out: isGone },
      emptied: { files, out: () => false, options: { empty: isGone } },
    })) {
      test(`${gone.join(', ')} ${how}: fetched and loaded`, () =>
        withPython(python, each, async ({ run }) => {
          const { value, missed, error } = await run();
          assert.is(error, undefined, JSON.stringify(error));
          assert.equal(value, [42, true]);
          assert.equal(missed, [...gone].sort());
          assert.equal((await run()).value, [42, true]);
        }));
    }
  }

  test('ctypes loads what is gone', () =>
    withPython(
      python,
      { files, out: path => [INNER, DEEP].includes(path), options: { handler: 'load.handler' } },
      async ({ run }) => {
        assert.is((await run()).value, 42);
        const { error } = await run({ LAMBDA_SLIM_REST: '/nowhere', TMPDIR: '/dev/shm/lambda-slim-none' });
        assert.is(error.name, 'OSError');
      },
    ));

  test('a library that cannot be fetched is an ImportError with a hint', () =>
    withPython(python, { files, out: path => path === DEEP }, async ({ run }) => {
      const { error } = await run({ LAMBDA_SLIM_REST: '' });
      assert.is(error.name, 'ImportError');
      assert.match(
        error.message,
        /libdeep\.so: cannot open shared object file\nlambda-slim: deep\/lib\/libdeep\.so was left out/,
      );
    }));
}

// ---- over the network ----

const FILES = {
  'app.py': 'def handler():\n    return [len(open("data/1.bin", "rb").read()), open("data/ü.txt").read()]\n',
  'data/1.bin': Buffer.alloc(9000, 7),
  'data/ü.txt': 'found',
  ...Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`data/x${at}.bin`, noise(4000, at)])),
};
const CASE: Case = { files: FILES, out: path => path.startsWith('data/') };
const boto = pythons.find(path => spawnSync(path, ['-c', 'import boto3']).status === 0);

const WRONG: readonly (readonly [Mood, RegExp])[] = [
  ['forbidden', /the answer is 403/],
  ['absent', /the answer is 404/],
  ['cut', /cut short|failed|did not answer/],
  ['wrong range', /damaged|not the range/],
  ['damaged', /damaged/],
  ['endless', /larger than it may be/],
];

for (const [scheme, executable] of [
  ['https', python],
  ['s3', boto],
] as const) {
  if (!executable) continue;
  test(`${scheme}: files are fetched, and what is wrong is refused`, () =>
    withPython(executable, CASE, async ({ run, zip, dir, tmp }) => {
      await writeFile(join(dir, 'ca.pem'), CERTIFICATE);
      await withRestServer({ file: zip, secure: scheme === 'https' }, async server => {
        const env: Readonly<Record<string, string>> = {
          LAMBDA_SLIM_REST:
            scheme === 's3'
              ? 's3://some-bucket/a/b.zip'
              : `https://localhost:${server.port}/some?X-Amz-Signature=TOPSECRET`,
          SSL_CERT_FILE: join(dir, 'ca.pem'),
          AWS_ENDPOINT_URL: `http://127.0.0.1:${server.port}`,
          AWS_REGION: 'eu-west-1',
          AWS_DEFAULT_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
          AWS_SECRET_ACCESS_KEY: 'TOPSECRET',
        };
        for (const [mood, reason] of WRONG) {
          server.mood = mood;
          const { error, missed, stderr } = await run(env);
          assert.is(error.code, 2, mood);
          assert.match(error.message, reason, mood);
          assert.not.match(error.message + stderr, /TOPSECRET|X-Amz|AKID|localhost|some-bucket/);
          assert.equal(missed, []);
        }
        const moods: readonly Mood[] = [
          'fine',
          'no ranges',
          'flaky',
          ...(scheme === 'https' ? ['redirect' as const] : []),
        ];
        for (const mood of moods) {
          server.mood = mood;
          const { value, missed, error, stderr } = await run(env);
          assert.is(error, undefined, `${mood} ${JSON.stringify(error)}`);
          assert.equal(value, [9000, 'found'], mood);
          assert.equal(missed, ['data/1.bin', 'data/ü.txt']);
          assert.match(stderr, `"from":"${scheme}"`);
          await rm(join(tmp, 'lambda-slim'), { recursive: true });
        }
      });
    }));
}

test.run();
