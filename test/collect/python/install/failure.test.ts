import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainBuild } from '../../../../src/collect/python/install/explain-build.ts';
import { essence, explainFailure, readFailure } from '../../../../src/collect/python/install/failure.ts';
import { readCandidates } from '../../../../src/collect/python/install/find-candidates.ts';
import { pythonPlatform } from '../../../helpers/python-project.ts';

/** What pip and uv really say, shortened. */
const rows: readonly (readonly [words: string, failure: ReturnType<typeof readFailure>])[] = [
  [
    'ERROR: Could not find a version that satisfies the requirement a>=9 (from b) (from versions: 1.0)\nERROR: No matching distribution found for a>=9 (from b)',
    { kind: 'missing', requirement: 'a>=9' },
  ],
  [
    'WARNING: Retrying (Retry(total=0)) after connection broken\nERROR: No matching distribution found for a',
    { kind: 'unreached' },
  ],
  ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.', { kind: 'hash' }],
  [
    'ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==.',
    { kind: 'no hash' },
  ],
  ['error: Hash-checking is required, but no trusted hash was provided for: `b`', { kind: 'no hash' }],
  ['error: Failed to download `a==1.0`\n  cause: Hash mismatch for `a==1.0`', { kind: 'hash' }],
  ['ERROR: ResolutionImpossible: for help visit', { kind: 'conflict' }],
  ["ERROR: Wheel 'a' located at /x/a-1.0-py3-none-any.whl is invalid.", { kind: 'broken' }],
  [
    'error: No solution found when resolving dependencies\n  cause: Because a==1.0 has an invalid package format\n',
    { kind: 'broken' },
  ],
  [
    'error: No solution found when resolving dependencies\n  cause: Because a was not found in the package registry and you require a, we can conclude',
    { kind: 'missing', requirement: 'a' },
  ],
  [
    'error: No solution found when resolving dependencies\n  cause: Because there is no version of a==9 and you require\n         a==9, we can conclude',
    { kind: 'missing', requirement: 'a==9' },
  ],
  [
    'error: No solution found when resolving dependencies\n  cause: Because all versions of e depend on b>=2 and all versions of c depend on b<2',
    { kind: 'conflict' },
  ],
  [
    'error: No solution found when resolving dependencies\n  cause: Because s==1.0 has no usable wheels and you require s==1.0\n\nhint: Wheels are required for `s` because building from source is disabled for all packages (i.e., with `--no-build`)',
    { kind: 'no wheel', name: 's', requirement: 's==1.0', tags: [] },
  ],
  [
    'error: No solution found when resolving dependencies\n  cause: Because d==1.0 has no wheels with a matching platform tag (e.g., `manylinux_2_34_x86_64`) and only\n         d==1.0 is available\n\nhint: Wheels are available for `d` (v1.0) on the following platform: `macosx_11_0_arm64`',
    { kind: 'no wheel', name: 'd', requirement: 'd==1.0', tags: ['macosx_11_0_arm64'] },
  ],
  ['ERROR: Could not install packages due to an OSError: RECORD', { kind: 'broken' }],
  [
    "ERROR: For req: a. The wheel '/x/a-1.0-py3-none-any.whl' has a file '/t/../../evil.py' trying to install outside the target directory '/t'",
    { kind: 'broken' },
  ],
  [
    'ERROR: Exception:\nTraceback (most recent call last):\n  File "tarfile.py", line 1\ntarfile.ReadError: not a gzip file',
    { kind: 'broken' },
  ],
  [
    'error: Failed to install: a-1.0-py3-none-any.whl (a==1.0)\n  cause: failed to open file `/c/a-1.0.dist-info/WHEEL`: No such file or directory (os error 2)',
    { kind: 'broken' },
  ],
  ['error: Failed to download `a==1.0`\n  cause: `RECORD` file is invalid', { kind: 'broken' }],
  ['pip._internal.metadata.importlib._compat.BadMetadata: Bad metadata in <x>', { kind: 'broken' }],
  ['ERROR: HTTP error 404 while getting https://host/a.tar.gz', { kind: 'unreached' }],
  ['error: something new', { kind: 'other' }],
];

for (const [words, failure] of rows)
  test(`${failure.kind}: ${words.slice(0, 60)}`, () => assert.equal(readFailure(words), failure));

test('a message has the words that matter, and no password', () => {
  const words =
    'Looking in indexes: https://me:secret@example.com/simple\nERROR: No\n\n[notice] A new release of pip\n';
  assert.is(essence(words), 'ERROR: No');
  assert.match(essence('cannot reach https://me:secret@example.com/x'), 'https://****@example.com/x');
  const long = Array.from({ length: 100 }, (_, line) => `ERROR: ${line}`).join('\n');
  assert.is(essence(long).split('\n').length, 17);
});

test('of tracebacks the last exception is told, of what is said twice the first, and what pip was at', () => {
  const output = [
    'Processing /wheels/a-1.0-py3-none-any.whl',
    'ERROR: Exception:',
    'Traceback (most recent call last):',
    '  File "/lib/a.py", line 1, in open',
    '    x()',
    '    ^^^',
    'KeyError: 1',
    '',
    'During handling of the above exception, another exception occurred:',
    '',
    'Traceback (most recent call last):',
    '  File "/lib/b.py", line 2, in open',
    'tarfile.ReadError: not a gzip file',
    'note: This error originates from a subprocess, and is likely not a problem with pip.',
    'tarfile.ReadError: not a gzip file',
  ].join('\n');
  assert.is(essence(output), 'tarfile.ReadError: not a gzip file');
  const { code, message } = explainFailure({ kind: 'broken' }, output, 'pip', pythonPlatform());
  assert.is(code, 'WHEEL_BROKEN');
  assert.match(message, /damaged\.\nProcessing .*a-1\.0-py3-none-any\.whl\ntarfile\.ReadError/);
});

test('what a source could not be built for', () => {
  const explain = (output: string) =>
    explainBuild('git+https://me:secret@host/a', output, 'pip', pythonPlatform());
  assert.is(
    explain('LookupError: setuptools-scm was unable to detect version for /x').code,
    'VERSION_FROM_GIT',
  );
  assert.is(
    explain("× git clone 'https://host/a' /t did not run successfully.").code,
    'PYTHON_INSTALL_FAILED',
  );
  assert.is(explain('ERROR: No matching distribution found for hatchling').code, 'REQUIREMENT_MISSING');
  const compiler = explain("error: command 'gcc' failed: No such file or directory");
  assert.is(compiler.code, 'SOURCE_NOT_PURE');
  assert.match(compiler.message, 'git+https://****@host/a has no wheel');
});

test('of many tags the nearest are named', () => {
  const tags = [
    ...Array.from({ length: 20 }, (_, at) => `cp39-cp39-win_${at}`),
    'cp312-cp312-win_amd64',
    'cp310-cp310-manylinux1_x86_64',
  ];
  const failure = { kind: 'no wheel', name: 'a', requirement: 'a==1', tags } as const;
  const { code, message } = explainFailure(failure, '', 'uv', pythonPlatform());
  assert.is(code, 'WHEEL_MISSING');
  assert.match(
    message,
    /there are wheels for cp312-cp312-win_amd64, cp310-cp310-manylinux1_x86_64, .*, 10 more\.$/,
  );
});

test('files that pip passed over count where their version fits', () => {
  const skipped = (reason: string, file: string): string =>
    `  Skipping link: ${reason}: https://host/p/${file}#sha256=0 (from x)`;
  const tags = (list: string): string =>
    `none of the wheel's tags (${list}) are compatible (run pip debug --verbose to show compatible tags)`;
  const output = [
    skipped('No sources permitted for My.Pkg', 'my_pkg-1.0.tar.gz'),
    skipped('No sources permitted for My.Pkg', 'my_pkg-2.0.tar.gz'),
    skipped(tags('cp39-cp39-win32, cp39-cp39-win_amd64'), 'My.Pkg-2.0-cp39-cp39-win32.win_amd64.whl'),
    skipped(tags('cp310-cp310-win32'), 'my_pkg-1.0-cp310-cp310-win32.whl'),
    skipped(tags('cp310-cp310-win32'), 'other-2.0-cp310-cp310-win32.whl'),
    skipped('wrong project name (not my-pkg)', 'third-2.0-py3-none-any.whl'),
  ].join('\n');
  assert.equal(readCandidates('my-pkg>=2; python_version > "3"', output), {
    hasSource: true,
    tags: ['cp39-cp39-win32', 'cp39-cp39-win_amd64'],
    isNative: true,
  });
  assert.equal(readCandidates('my-pkg==3', output), { hasSource: false, tags: [], isNative: false });
});

test.run();
