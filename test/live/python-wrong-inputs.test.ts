import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, withProject } from '../helpers/project.ts';
import { sdist, sourceFiles, type WheelOptions, wheel, wheelFiles } from '../helpers/wheels.ts';

const APP = { 'fn/app.py': 'def handler(event, context): pass\n', 'fn/.git/HEAD': '' };

const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));

/** A wheel of `a` without some of its files, or with others. */
function wheelOf(
  change: (files: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): Files {
  return { 'a-1.0-py3-none-any.whl': zipOf(change(wheelFiles('a', '1.0'))) };
}

const without = (end: string) =>
  wheelOf(files => Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith(end))));

/** The environment without uv and without the user's own settings. */
function ownEnv(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(process.env).flatMap(([name, value = '']) =>
    /^(?:PIP|UV)_/.test(name) ? [] : [[name, value] as const],
  );
  const path = (process.env.PATH ?? '').split(delimiter).filter(dir => !existsSync(join(dir, 'uv')));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), PIP_CONFIG_FILE: devNull, ...settings };
}

/** Builds a function whose wheels lie beside it, as a user would, and gives the whole of what is printed on one line. */
function build(fn: Files, wheels: Files): Promise<{ readonly code: number; readonly text: string }> {
  const files = { ...APP, ...inFolder('fn', fn), ...inFolder('wheels', wheels), 'wheels/.keep': '' };
  return withProject(files, async dir => {
    const env = ownEnv({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(dir, 'wheels') });
    const args = ['build', 'app.py', '--runtime', 'python3.12', '--no-cache', '--bytecode', 'none'];
    const { code, stdout, stderr } = await runFake(args, { cwd: join(dir, 'fn'), env });
    if (code !== 0) assert.not.ok(existsSync(join(dir, 'fn/lambda-slim-out')), 'nothing half-written stays');
    return { code, text: (stdout + stderr).replace(/\s+/g, ' ') };
  });
}

const requiring = (options: WheelOptions['requires']) => ({ requires: options ?? [] });
const [WHEEL = Buffer.alloc(0)] = Object.values(wheel('a', '1.0')).map(data => Buffer.from(data));
const cut = { 'a-1.0-py3-none-any.whl': WHEEL.subarray(0, WHEEL.length - 60) };
const scm = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';

const cases: readonly (readonly [name: string, requirements: string, wheels: Files, code: string, RegExp])[] =
  [
    ['a name that nobody has', 'zzz==1', {}, 'REQUIREMENT_MISSING', /No index has zzz==1\./],
    [
      'a hash that is another',
      `a==1.0 --hash=sha256:${'0'.repeat(64)}`,
      wheel('a', '1.0'),
      'HASH_MISMATCH',
      /Got/,
    ],
    [
      'hashes of some',
      `b\na==1.0 --hash=sha256:${'0'.repeat(64)}`,
      wheel('b', '1.0'),
      'HASHES_INCOMPLETE',
      /pinned/,
    ],
    [
      'pins that contradict',
      'a\nb',
      {
        ...wheel('a', '1.0', requiring(['c<2'])),
        ...wheel('b', '1.0', requiring(['c>=2'])),
        ...wheel('c', '1.0'),
        ...wheel('c', '2.0'),
      },
      'REQUIREMENTS_CONFLICT',
      /a 1\.0 depends on c<2 .* Loosen one/,
    ],
    ['a wheel cut short', 'a', cut, 'WHEEL_BROKEN', /a-1\.0-py3-none-any\.whl is invalid/],
    ['a wheel without METADATA', 'a', without('METADATA'), 'WHEEL_BROKEN', /a-1\.0|\ba\b/],
    ['a wheel without RECORD', 'a', without('RECORD'), 'WHEEL_BROKEN', /RECORD/],
    ['a wheel without WHEEL', 'a', without('.dist-info/WHEEL'), 'WHEEL_BROKEN', /WHEEL/],
    [
      'a wheel that leads out',
      'a',
      wheelOf(files => ({ ...files, '../../evil.py': 'x' })),
      'WHEEL_BROKEN',
      /outside the target directory/,
    ],
    ['a source that is no archive', 'a', { 'a-1.0.tar.gz': 'none' }, 'WHEEL_BROKEN', /not a gzip file/],
    [
      'a source that needs a compiler',
      'nat',
      sdist('nat', '1.0', { tag: 'cp312-cp312-linux_x86_64' }),
      'SOURCE_NOT_PURE',
      /it becomes nat-1\.0-cp312-cp312-linux_x86_64\.whl.* --container/,
    ],
  ];

for (const [name, requirements, wheels, code, message] of cases)
  test(`refused: ${name}`, async () => {
    const built = await build({ 'requirements.txt': requirements }, wheels);
    assert.is(built.code, 2, built.text);
    assert.match(built.text, `error ${code}:`);
    assert.match(built.text, message);
    assert.not.match(built.text, 'Traceback');
  });

test('a package that takes its version from Git, and a folder that is no package', async () => {
  const backend = `raise LookupError("setuptools-scm was unable to detect version for /x")`;
  const local = { 'local/pyproject.toml': scm, 'local/backend.py': backend };
  const versionless = await build({ 'requirements.txt': './local', ...local }, {});
  assert.match(versionless.text, 'error VERSION_FROM_GIT:');
  assert.match(versionless.text, /SETUPTOOLS_SCM_PRETEND_VERSION=/);
  const plain = await build({ 'requirements.txt': '-e ./plain', 'plain/x.py': '' }, {});
  assert.match(plain.text, /error NOT_A_PACKAGE: .*plain is to be installed/);
});

test('built all the same: nothing required, a RECORD that lies, and one that leads out, of which a finding tells', async () => {
  for (const text of ['', '# nothing yet\n'])
    assert.is((await build({ 'requirements.txt': text }, {})).code, 0);
  const lying = wheelOf(files => ({ ...files, 'a-1.0.dist-info/RECORD': 'b/not.py,sha256=zz,1\n' }));
  const lied = await build({ 'requirements.txt': 'a==1.0' }, lying);
  assert.is(lied.code, 0, lied.text);
  const recorded = ['/etc/passwd,,', '../../../../evil,,'];
  const escaping = await build({ 'requirements.txt': 'a==1.0' }, wheel('a', '1.0', { recorded }));
  assert.is(escaping.code, 0, escaping.text);
  assert.match(escaping.text, /RECORD_ESCAPES The RECORD of a@1\.0 names .* \/etc\/passwd/);
});

test('what is not read is told', async () => {
  const project = '[project]\nname = "fn"\nversion = "1"\ndependencies = ["a==1.0"]\n';
  const pdm = await build({ 'pyproject.toml': project, 'pdm.lock': '' }, wheel('a', '1.0'));
  assert.match(pdm.text, /DEPENDENCY_FILE_UNREAD pdm\.lock is not read.* `pdm export -o requirements\.txt`/);
  const setup = await build({ 'setup.py': '' }, {});
  assert.match(setup.text, /DEPENDENCY_FILE_UNREAD setup\.py/);
  const local = await build(
    { 'requirements.txt': './local', 'setup.py': '', ...inFolder('local', sourceFiles('local', '1.0')) },
    {},
  );
  assert.is(local.code, 0, local.text);
  assert.not.match(local.text, 'UNREAD');
});

test('a private index of pip.conf is asked with its password, which is never printed', async () => {
  const password = 's3cret-9f2';
  const asked: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push(`${url} ${headers.authorization ?? ''}`);
    const isKnown = headers.authorization === `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
    if (!isKnown) response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    else if (url.endsWith('.whl')) response.end(WHEEL);
    else if (url === '/simple/a/')
      response
        .setHeader('content-type', 'text/html')
        .end('<a href="/a-1.0-py3-none-any.whl">a-1.0-py3-none-any.whl</a>');
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const place = `me:${password}@127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
  try {
    for (const [requirement, expected] of [
      ['a==1.0', 0],
      ['b==1.0', 2],
    ] as const)
      await withProject(
        { ...APP, 'fn/requirements.txt': requirement, 'pip.conf': `[global]\nindex-url = http://${place}\n` },
        async dir => {
          const env = ownEnv({ PIP_CONFIG_FILE: join(dir, 'pip.conf') });
          const args = ['build', 'app.py', '--runtime', 'python3.12', '--no-cache', '--bytecode', 'none'];
          const { code, stdout, stderr } = await runFake(args, { cwd: join(dir, 'fn'), env });
          assert.is(code, expected, stdout + stderr);
          assert.not.match(stdout + stderr, password);
        },
      );
    assert.ok(asked.some(line => line.startsWith('/simple/a/ Basic ')));
  } finally {
    server.close();
  }
});

test.run();
