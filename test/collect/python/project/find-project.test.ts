import { relative } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findProject } from '../../../../src/collect/python/project/find-project.ts';
import type { PythonProject } from '../../../../src/collect/python/project/types.ts';
import type { ErrorCode } from '../../../../src/errors.ts';
import type { Platform } from '../../../../src/types.ts';
import { type Files, withProject } from '../../../helpers/project.ts';
import { pythonPlatform } from '../../../helpers/python-project.ts';
import { rejects } from '../../../helpers/rejects.ts';

interface Found extends Pick<PythonProject, 'kind' | 'options' | 'constraints' | 'isLocked'> {
  readonly file: string;
  readonly inputs: readonly string[];
  /** The lines, hashes behind them; `<` and where it is built from in front of what has to be built. */
  readonly lines: readonly string[];
}

/** What is found for a function in `fn` (or the folder itself), with paths relative to the folder. */
function find(files: Files, options: { fn?: string; platform?: Platform } = {}): Promise<Found | null> {
  return withProject(files, async dir => {
    const { fn = '.', platform = pythonPlatform() } = options;
    const root = fn === '.' ? dir : `${dir}/${fn}`;
    const project = await findProject({ root, platform }, { env: { TOKEN: 'secret' } });
    if (!project) return null;
    const shorten = (text: string): string => text.replaceAll(dir, '…');
    const { kind, isLocked } = project;
    return {
      kind,
      isLocked,
      file: relative(dir, project.path),
      inputs: project.inputs.map(path => relative(dir, path)),
      options: project.options.map(shorten),
      constraints: project.constraints.map(shorten),
      lines: project.requirements.map(({ text, hashes, source }) =>
        shorten([source ? `< ${source.kind} ${source.location}` : text, ...hashes].join(' ')),
      ),
    };
  });
}

test('requirements.txt with all that pip lets stand in it', async () => {
  const found = await find({
    '.git/HEAD': '',
    'requirements.txt': `\uFEFF# what we need
--index-url https://\${TOKEN}@example.com/simple
--extra-index-url=https://b.example.com/simple
-f wheels
--only-binary :all:
-r more/base.txt
-c pins.txt
numpy>=2 ; python_version >= "3.9"  # numbers
requests[socks] == 2.31.0 \\
    --hash=sha256:aa \\
    --hash sha256:bb
./local
-e ./editable[extra]
-e git+https://example.com/a.git@abc#egg=thing
old @ file:./old ; python_version < "3.9"
wheels/some_thing-1.0-py3-none-any.whl
far @ https://\${TOKEN}@example.com/far-1.0.tar.gz
`,
    'more/base.txt': 'six\n-r deeper.txt',
    'more/deeper.txt': '../local2',
    'pins.txt': 'urllib3<2\n',
    'local/setup.py': '',
    'local2/setup.py': '',
    'editable/setup.py': '',
    'old/setup.py': '',
    'wheels/some_thing-1.0-py3-none-any.whl': '',
  });
  assert.equal(found, {
    kind: 'requirements.txt',
    isLocked: false,
    file: 'requirements.txt',
    inputs: ['requirements.txt', 'more/base.txt', 'more/deeper.txt', 'pins.txt'],
    options: [
      `--index-url https://${'$'}{TOKEN}@example.com/simple`,
      '--extra-index-url https://b.example.com/simple',
      '--find-links …/wheels',
    ],
    constraints: ['urllib3<2'],
    lines: [
      'six',
      '< folder …/local2',
      'numpy>=2 ; python_version >= "3.9"',
      'requests[socks] == 2.31.0 sha256:aa sha256:bb',
      '< folder …/local',
      '< folder …/editable',
      '< other git+https://example.com/a.git@abc#egg=thing',
      'some-thing @ file://…/wheels/some_thing-1.0-py3-none-any.whl',
      '< other https://secret@example.com/far-1.0.tar.gz',
    ],
  });
});

const UV_LOCK = `
version = 1
requires-python = ">=3.10"

[[package]]
name = "fn"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "numpy", version = "2.2.6", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version < '3.11'" },
    { name = "numpy", version = "2.4.0", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version >= '3.11'" },
    { name = "requests", extra = ["socks"] },
    { name = "torch" },
    { name = "shared" },
    { name = "tool" },
]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "colorama"
version = "0.4.6"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "numpy"
version = "2.2.6"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "numpy"
version = "2.4.0"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://example.com/numpy-2.4.0.tar.gz", hash = "sha256:s" }
wheels = [{ url = "https://example.com/numpy-2.4.0-cp312.whl", hash = "sha256:w" }]

[[package]]
name = "pytest"
version = "9.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "requests"
version = "2.34.2"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "requests", extra = ["socks"] }]

[package.optional-dependencies]
socks = [{ name = "pysocks" }]

[[package]]
name = "pysocks"
version = "1.7.1"
source = { registry = "wheels" }

[[package]]
name = "torch"
version = "2.9.0+cpu"
source = { registry = "https://download.example.org/whl/cpu" }

[[package]]
name = "shared"
version = "1.0"
source = { editable = "shared" }
dependencies = [{ name = "numpy", version = "2.4.0", source = { registry = "https://pypi.org/simple" } }]

[[package]]
name = "tool"
version = "1.0"
source = { git = "https://example.com/tool?rev=main&subdirectory=py#0123abc" }
`;

const UV_LINES = [
  'numpy==2.4.0 sha256:s sha256:w',
  'requests==2.34.2',
  'torch==2.9.0+cpu',
  '< folder …/shared',
  '< other git+https://example.com/tool@0123abc#subdirectory=py',
  'pysocks==1.7.1',
];

test('uv.lock beats what lies beside it, and is walked for the target, without groups of development', async () => {
  const files = {
    'uv.lock': UV_LOCK,
    'pyproject.toml': '[project]\nname = "fn"\ndependencies = ["numpy", "requests[socks]>=2"]',
    'requirements.txt': 'six',
    'shared/pyproject.toml': '',
  };
  const found = await find(files);
  assert.equal(found, {
    kind: 'uv.lock',
    isLocked: true,
    file: 'uv.lock',
    inputs: ['uv.lock', 'pyproject.toml'],
    options: ['--extra-index-url https://download.example.org/whl/cpu', '--find-links …/wheels'],
    constraints: [],
    lines: UV_LINES,
  });
  const older = await find(files, { platform: pythonPlatform('3.10') });
  assert.ok(older?.lines.includes('numpy==2.2.6'));
});

test('a member of a workspace has its part of the lock above', async () => {
  const files = {
    '.git/HEAD': '',
    'uv.lock': UV_LOCK.replace('virtual = "."', 'editable = "functions/fn"'),
    'pyproject.toml': '[tool.uv.workspace]\nmembers = ["functions/*"]',
    'functions/fn/pyproject.toml': '[project]\nname = "fn"\ndependencies = ["numpy"]',
    'functions/other/pyproject.toml': '[project]\nname = "other"\ndependencies = ["six"]',
  };
  const member = await find(files, { fn: 'functions/fn' });
  assert.equal([member?.file, member?.lines], ['uv.lock', UV_LINES]);
  const stranger = await find(files, { fn: 'functions/other' });
  assert.equal([stranger?.file, stranger?.lines], ['functions/other/pyproject.toml', ['six']]);
});

const POETRY_LOCK = `
[[package]]
name = "numpy"
version = "2.2.6"
python-versions = ">=3.10"
groups = ["main"]
markers = "python_version == \\"3.10\\""
files = [{file = "numpy-2.2.6.whl", hash = "sha256:old"}]

[[package]]
name = "numpy"
version = "2.4.0"
python-versions = ">=3.11"
groups = ["main"]
markers = "python_version >= \\"3.11\\""
files = [{file = "numpy-2.4.0.whl", hash = "sha256:new"}]

[[package]]
name = "pysocks"
version = "1.7.1"
python-versions = ">=2.7, !=3.0.*"
files = []

[[package]]
name = "requests"
version = "2.34.2"
python-versions = ">=3.9"
files = [{file = "requests.whl", hash = "sha256:r"}]

[package.dependencies]
idna = ">=2.5,<4"
PySocks = {version = ">=1.5.6", optional = true, markers = "extra == \\"socks\\""}
chardet = {version = ">=3.0.2,<6", optional = true}
colorama = {version = "*", markers = "sys_platform == \\"win32\\""}

[package.extras]
socks = ["PySocks (>=1.5.6)"]
use-chardet = ["chardet (>=3.0.2,<6)"]

[[package]]
name = "idna"
version = "3.20"
python-versions = "*"
files = []

[package.source]
type = "legacy"
url = "https://example.com/simple"
reference = "own"

[[package]]
name = "tool"
version = "1.0"
python-versions = "*"
files = []

[package.source]
type = "git"
url = "git@example.com:me/tool.git"
reference = "main"
resolved_reference = "abc"

[[package]]
name = "shared"
version = "1.0"
python-versions = "*"
files = []

[package.source]
type = "directory"
url = "../shared"

[metadata]
lock-version = "2.1"
`;

const POETRY = `
[tool.poetry]
name = "fn"
[tool.poetry.dependencies]
python = "^3.10"
requests = {version = "^2.31", extras = ["socks"]}
numpy = [{version = "^2.3", python = ">=3.11"}, {version = "<2.3", python = "<3.11"}]
tool = {git = "git@example.com:me/tool.git"}
shared = {path = "../shared"}
[tool.poetry.group.dev.dependencies]
pytest = "*"
`;

test('poetry.lock is walked from the main group, extras and markers for the target', async () => {
  const files = { 'fn/poetry.lock': POETRY_LOCK, 'fn/pyproject.toml': POETRY, 'shared/setup.py': '' };
  const found = await find(files, { fn: 'fn' });
  assert.equal([found?.kind, found?.isLocked], ['poetry.lock', true]);
  assert.equal(found?.options, ['--extra-index-url https://example.com/simple']);
  assert.equal(found?.lines, [
    'requests==2.34.2 sha256:r',
    'numpy==2.4.0 sha256:new',
    '< other git+ssh://git@example.com/me/tool.git@abc',
    '< folder …/shared',
    'idna==3.20',
    'pysocks==1.7.1',
  ]);
});

test("Poetry's pyproject.toml without a lock", async () => {
  const found = await find({ 'fn/pyproject.toml': POETRY, 'shared/setup.py': '' }, { fn: 'fn' });
  assert.equal([found?.kind, found?.isLocked], ['pyproject.toml', false]);
  assert.equal(found?.lines, [
    'requests[socks]>=2.31,<3',
    'numpy>=2.3,<3',
    '< other git+ssh://git@example.com/me/tool.git',
    '< folder …/shared',
  ]);
});

test('Pipfile.lock: its default group, its indexes', async () => {
  const lock = {
    _meta: { sources: [{ url: 'https://pypi.org/simple' }, { url: 'https://own.example.com/simple' }] },
    default: {
      requests: {
        version: '==2.34.2',
        hashes: ['sha256:r'],
        extras: ['socks'],
        markers: "python_version >= '3.9'",
      },
      colorama: { version: '==0.4.6', markers: "sys_platform == 'win32'" },
      pywin32: { version: '*', sys_platform: "== 'win32'" },
      uvloop: { version: '*', sys_platform: "!= 'win32'" },
      shared: { path: './shared', editable: true },
      tool: { git: 'https://example.com/tool.git', ref: 'abc' },
    },
    develop: { pytest: { version: '==9.0' } },
  };
  const found = await find({
    'Pipfile.lock': JSON.stringify(lock),
    Pipfile: '[packages]\nrequests = "*"\n',
    'shared/setup.py': '',
  });
  assert.equal(found, {
    kind: 'Pipfile.lock',
    isLocked: true,
    file: 'Pipfile.lock',
    inputs: ['Pipfile.lock', 'Pipfile'],
    options: ['--extra-index-url https://own.example.com/simple'],
    constraints: [],
    lines: [
      'requests[socks]==2.34.2 sha256:r',
      'uvloop',
      '< folder …/shared',
      '< other git+https://example.com/tool.git@abc',
    ],
  });
});

test('a Pipfile that nobody locked', async () => {
  const found = await find({
    Pipfile: `[[source]]
url = "https://own.example.com/simple"
[packages]
requests = { extras = ["socks"], version = ">=2" }
numpy = "*"
colorama = { version = "*", markers = "sys_platform == 'win32'" }
shared = { path = "./shared", editable = true }
[dev-packages]
pytest = "*"
`,
    'shared/setup.py': '',
  });
  assert.equal([found?.kind, found?.isLocked], ['Pipfile', false]);
  assert.equal(found?.options, ['--index-url https://own.example.com/simple']);
  assert.equal(found?.lines, ['requests[socks]>=2', 'numpy', '< folder …/shared']);
});

test('pyproject.toml of the standard, with what uv and setuptools add', async () => {
  const found = await find({
    'pyproject.toml': `
[project]
name = "fn"
requires-python = ">=3.10"
dependencies = ["numpy>=2", "shared[x]"]
dynamic = ["dependencies"]
[tool.setuptools.dynamic]
dependencies = { file = ["more.txt"] }
[tool.uv.sources]
shared = { path = "shared" }
[[tool.uv.index]]
url = "https://own.example.com/simple"
`,
    'more.txt': 'six',
    'shared/setup.py': '',
  });
  assert.equal(found?.lines, ['numpy>=2', '< folder …/shared', 'six']);
  assert.equal(found?.options, ['--extra-index-url https://own.example.com/simple']);
  assert.equal(found?.inputs, ['pyproject.toml', 'more.txt']);
});

test("where a dependency of the project comes from may stand in Poetry's table", async () => {
  const found = await find({
    '.git/HEAD': '',
    'pyproject.toml': `[project]
name = "fn"
version = "1"
dependencies = ["six", "shared"]
[tool.poetry.dependencies]
shared = { path = "shared", develop = true }
`,
    'shared/setup.py': '',
  });
  assert.equal(
    found?.lines,
    ['six', '< folder …/shared'],
    'and not from the index, where anybody may have that name',
  );
});

test('the nearest file counts, and none beyond the repository', async () => {
  const files = {
    'requirements.txt': 'six',
    'repo/.git/HEAD': '',
    'repo/fn/app.py': '',
    'repo/pyproject.toml': '[tool.black]',
  };
  assert.is(await find(files, { fn: 'repo/fn' }), null);
  const loose = await find({ ...files, 'repo/fn/requirements.txt': 'attrs' }, { fn: 'repo/fn' });
  assert.equal(loose?.lines, ['attrs']);
});

const PYLOCK = `
lock-version = "1.0"
created-by = "uv"
requires-python = ">=3.11"
default-groups = ["base"]

[[packages]]
name = "fn"
directory = { path = "." , editable = true }
marker = "'never' in extras"

[[packages]]
name = "numpy"
version = "2.4.0"
index = "https://pypi.org/simple"
sdist = { url = "https://example.com/numpy-2.4.0.tar.gz", hashes = { sha256 = "s" } }
wheels = [{ url = "https://example.com/numpy-2.4.0-cp312.whl", hashes = { md5 = "m", sha256 = "w" } }]

[[packages]]
name = "numpy"
version = "2.0.0"
requires-python = "<3.12"

[[packages]]
name = "colorama"
version = "1.0"
marker = "sys_platform == 'win32'"

[[packages]]
name = "basic"
version = "1.0"
index = "https://download.example.org/whl/cpu"
marker = "'base' in dependency_groups"

[[packages]]
name = "pytest"
version = "9.0"
marker = "'dev' in dependency_groups or 'test' in extras"

[[packages]]
name = "shared"
directory = { path = "shared" }

[[packages]]
name = "tool"
vcs = { type = "git", url = "https://example.com/tool", commit-id = "0123abc", subdirectory = "py" }

[[packages]]
name = "packed"
archive = { url = "https://example.com/packed-1.0.tar.gz", hashes = { sha512 = "p" } }
`;

test('pylock.toml, for the target and with its default groups only', async () => {
  const found = await find({
    'pylock.toml': PYLOCK,
    'requirements.txt': 'beaten',
    'shared/pyproject.toml': '',
  });
  assert.equal(found, {
    kind: 'pylock.toml',
    isLocked: true,
    file: 'pylock.toml',
    inputs: ['pylock.toml'],
    options: ['--extra-index-url https://download.example.org/whl/cpu'],
    constraints: [],
    lines: [
      'numpy==2.4.0 sha256:s sha256:w',
      'basic==1.0',
      '< folder …/shared',
      '< other git+https://example.com/tool@0123abc#subdirectory=py',
      '< other https://example.com/packed-1.0.tar.gz sha512:p',
    ],
  });
});

test('files that PowerShell wrote are read; a folder of the name of a file is none', async () => {
  const text = Buffer.from('numpy==2.0\r\n', 'utf16le');
  for (const bytes of [
    Buffer.concat([Buffer.from([0xff, 0xfe]), text]),
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text).swap16()]),
  ])
    assert.equal((await find({ '.git/HEAD': '', 'requirements.txt': bytes }))?.lines, ['numpy==2.0']);
  assert.is(await find({ '.git/HEAD': '', 'requirements.txt/all.txt': 'numpy' }), null);
  const empty = await find({ '.git/HEAD': '', 'requirements.txt': '# nothing yet\n' });
  assert.equal(empty?.lines, []);
});

const refusals: readonly (readonly [string, Files, ErrorCode, RegExp])[] = [
  [
    'a missing include',
    { 'requirements.txt': '-r gone.txt' },
    'DEPENDENCY_FILE_INVALID',
    /gone\.txt .*requirements\.txt includes it/,
  ],
  [
    'a circle',
    { 'requirements.txt': '-r a.txt', 'a.txt': '-r requirements.txt' },
    'DEPENDENCY_FILE_INVALID',
    /requirements\.txt cannot .* it includes itself, by way of a\.txt\.$/,
  ],
  ['a path to nothing', { 'requirements.txt': './gone' }, 'DEPENDENCY_FILE_INVALID', /"\.\/gone" is neither/],
  [
    'a path to nothing, as URL',
    { 'requirements.txt': 'a @ file:./gone' },
    'DEPENDENCY_FILE_INVALID',
    /gone" does/,
  ],
  [
    'an operator that is none',
    { 'requirements.txt': 'numpy=1.0' },
    'DEPENDENCY_FILE_INVALID',
    /"=1\.0" is no version specifier; "==1\.0" is one\.$/,
  ],
  [
    'three operators',
    { 'requirements.txt': 'numpy ===> 3' },
    'DEPENDENCY_FILE_INVALID',
    /"===>3" is no version/,
  ],
  [
    'an option that pip does not know',
    { 'requirements.txt': '--frobnicate' },
    'DEPENDENCY_FILE_INVALID',
    /pip knows no option --frobnicate/,
  ],
  [
    'UTF-16 that does not say so',
    { 'requirements.txt': Buffer.from('numpy', 'utf16le') },
    'DEPENDENCY_FILE_INVALID',
    /no text in UTF-8/,
  ],
  [
    'a pylock.toml to come',
    { 'pylock.toml': 'lock-version = "2.0"' },
    'DEPENDENCY_FILE_INVALID',
    /version 2\.0/,
  ],
  [
    'an old pylock.toml',
    {
      'pylock.toml': PYLOCK,
      'shared/setup.py': '',
      'pyproject.toml': '[project]\ndependencies = ["pandas"]',
    },
    'LOCK_OUTDATED',
    /asks for: pandas/,
  ],
  ['broken TOML', { 'uv.lock': 'version = ' }, 'DEPENDENCY_FILE_INVALID', /uv\.lock cannot be read/],
  ['broken JSON', { 'Pipfile.lock': '{' }, 'DEPENDENCY_FILE_INVALID', /Pipfile\.lock cannot be read/],
  ['another shape', { 'Pipfile.lock': '{"default": []}' }, 'DEPENDENCY_FILE_INVALID', /default: /],
  ['a format to come', { 'uv.lock': 'version = 9' }, 'DEPENDENCY_FILE_INVALID', /format 9/],
  [
    'another Python',
    { 'pyproject.toml': '[project]\nrequires-python = ">=3.13"\ndependencies = []' },
    'PYTHON_REFUSED',
    />=3\.13, and the runtime is python3\.12/,
  ],
  [
    'another Python, in a lock',
    { 'uv.lock': UV_LOCK.replace('>=3.10', '<3.12') },
    'PYTHON_REFUSED',
    /<3\.12/,
  ],
  [
    'an old uv.lock',
    { 'uv.lock': UV_LOCK, 'pyproject.toml': '[project]\ndependencies = ["numpy", "pandas"]' },
    'LOCK_OUTDATED',
    /asks for: pandas/,
  ],
  [
    'an old poetry.lock',
    { 'poetry.lock': '', 'pyproject.toml': '[tool.poetry.dependencies]\nsix = "*"' },
    'LOCK_OUTDATED',
    /asks for: six/,
  ],
  [
    'an old Pipfile.lock',
    { 'Pipfile.lock': '{}', Pipfile: '[packages]\nsix = "*"' },
    'LOCK_OUTDATED',
    /asks for: six/,
  ],
];

test('no password of a file is ever told', async () => {
  const url = 'https://me:p@ss@example.com/all.txt';
  for (const line of [`-r ${url}`, `what is ${url}`, `numpy=1.0${url}`]) {
    const error = await rejects(find({ 'requirements.txt': line }), 'DEPENDENCY_FILE_INVALID');
    assert.not.match(error.message, /me:|ss@/);
    assert.match(error.message, /\*\*\*\*@example\.com/);
  }
});

for (const [name, files, code, message] of refusals)
  test(`refused: ${name}`, async () => {
    const error = await rejects(find(files), code);
    assert.match(error.message, message);
  });

test.run();
