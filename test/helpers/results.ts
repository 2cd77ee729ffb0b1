import type { Finding } from '../../src/findings.ts';
import type { BuildResult, Entry, Origin, Removal } from '../../src/types.ts';
import { toArtifactPath } from '../../src/util/path.ts';
import { makeFunction } from './project.ts';

/** An entry of a made-up tree. */
export function entryOf(path: string, bytes: number, origin: Origin): Entry {
  return {
    kind: 'file',
    path: toArtifactPath(path),
    source: { kind: 'memory', data: new Uint8Array(0) },
    bytes,
    mode: 0o644,
    origin,
  };
}

const MIB = 1024 * 1024;

const ENTRIES: readonly Entry[] = [
  entryOf('index.mjs', 20_000, { kind: 'entry', inputs: ['src/handler.ts', 'src/picture.ts'] }),
  entryOf('model/net.onnx', 3 * MIB, { kind: 'include', pattern: 'model/**' }),
  entryOf('node_modules/a/index.js', 100, { kind: 'traced', parents: ['src/picture.ts'] }),
  entryOf('node_modules/a/package.json', 50, {
    kind: 'package',
    package: 'a@1.0.0',
    parents: ['node_modules/a/index.js'],
  }),
  entryOf('node_modules/b/lib.so', 40 * MIB, {
    kind: 'traced',
    parents: ['node_modules/b/loop.js', 'node_modules/a/index.js'],
  }),
  entryOf('node_modules/b/loop.js', 10, { kind: 'traced', parents: ['node_modules/b/lib.so'] }),
];

const OTHER_CPU = { id: 'b/other-cpu', why: 'a function has one architecture' };

const REMOVALS: readonly Removal[] = [
  {
    path: 'node_modules/b/arm64/lib.so',
    bytes: 30 * MIB,
    rule: OTHER_CPU,
    package: 'b@2.0.0',
    parents: ['node_modules/b/lib.so'],
  },
  { path: 'node_modules/b/arm64/x.so', bytes: 5, rule: OTHER_CPU, package: 'b@2.0.0' },
  {
    path: 'node_modules/a/README.md',
    bytes: 900,
    rule: { id: 'collect/not-needed', why: 'nothing that runs asks for it' },
  },
];

/** A small build: one handler, two packages, a model, two rules. */
export function makeResult(overrides: Partial<BuildResult> = {}): BuildResult {
  return {
    name: 'function',
    handler: 'index.handler',
    platform: makeFunction('/project').platform,
    artifact: {
      path: '/project/lambda-slim-out/function.zip',
      sha256: 'ab'.repeat(32),
      codeSha256: 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=',
      zippedBytes: 20 * MIB,
      unzippedBytes: 43 * MIB,
      files: ENTRIES.length,
      entries: ENTRIES.map(({ path }) => ({ path, bytes: 10, compressedBytes: 5, sha256: '00' })),
    },
    tree: {
      entries: ENTRIES,
      packages: [
        { ecosystem: 'npm', name: 'a', version: '1.0.0', dir: 'node_modules/a', owns: null },
        { ecosystem: 'npm', name: 'b', version: '2.0.0', dir: 'node_modules/b', owns: null },
      ],
      removals: REMOVALS,
    },
    stages: [
      { stage: 'install', bytes: 75 * MIB, files: 9 },
      { stage: 'collect', bytes: 75 * MIB - 900, files: 8 },
      { stage: 'prune', bytes: 43 * MIB, files: 6 },
      { stage: 'archive', bytes: 20 * MIB, files: 6 },
    ],
    findings: [],
    timings: [{ stage: 'collect', ms: 12 }],
    native: { files: [], shared: [], compressed: null },
    tmpMiB: 512,
    memoryMiB: 1024,
    timeoutMs: 30_000,
    exact: null,
    verification: null,
    compileCache: null,
    bytecode: null,
    upToDate: false,
    ...overrides,
  };
}

/** The files of a finding about native libraries. */
const FILES = { package: 'numpy', paths: ['numpy/a.so'], count: 1, bytes: 10 };
const TOO_NEW = {
  needs: '2.28',
  has: '2.26',
  runtime: 'python3.11',
  fits: ['python3.12'],
  own: 'lib/libc.so.6',
  uncertain: false,
};

/** One finding of every code; a new code does not compile until it has one. */
export const ONE_OF_EACH: { readonly [C in Finding['code']]: Extract<Finding, { readonly code: C }> } = {
  LIMIT_ZIPPED: { code: 'LIMIT_ZIPPED', level: 'warning', bytes: 52_428_801, limit: 52_428_800 },
  LIMIT_UNZIPPED: { code: 'LIMIT_UNZIPPED', level: 'error', bytes: 301_100_000, limit: 262_144_000 },
  RUNTIME_DEPRECATED: {
    code: 'RUNTIME_DEPRECATED',
    level: 'warning',
    runtime: 'nodejs20.x',
    deprecated: '2026-04-30',
    blockCreate: '2026-06-01',
    blockUpdate: null,
  },
  LIMIT_LAYERS: { code: 'LIMIT_LAYERS', level: 'error', layers: 6, limit: 5 },
  ARCH_MISMATCH: {
    code: 'ARCH_MISMATCH',
    level: 'error',
    ...FILES,
    machines: ['aarch64'],
    expected: 'x86_64',
    mixed: false,
  },
  NOT_LINUX: { code: 'NOT_LINUX', level: 'error', ...FILES, systems: ['macOS'] },
  LIBC_MISMATCH: { code: 'LIBC_MISMATCH', level: 'warning', ...FILES, libcs: ['musl'] },
  GLIBC_TOO_NEW: { code: 'GLIBC_TOO_NEW', level: 'error', ...FILES, ...TOO_NEW },
  GLIBCXX_TOO_NEW: { code: 'GLIBCXX_TOO_NEW', level: 'error', ...FILES, ...TOO_NEW },
  CXXABI_TOO_NEW: { code: 'CXXABI_TOO_NEW', level: 'warning', ...FILES, ...TOO_NEW, uncertain: true },
  LIB_MISSING: {
    code: 'LIB_MISSING',
    level: 'error',
    ...FILES,
    libraries: ['libgomp.so.1'],
    chain: ['numpy/a.so', 'numpy/b.so'],
    elsewhere: null,
    advice: 'Add the file of the package libgomp.',
    reason: 'missing',
  },
  LIB_BY_NAME: { code: 'LIB_BY_NAME', level: 'info', ...FILES, libraries: ['libfoo.so.1'] },
  LIB_SHADOWED: {
    code: 'LIB_SHADOWED',
    level: 'warning',
    ...FILES,
    libraries: ['libz.so.1'],
    own: 'lib/libz.so.1',
    needs: null,
  },
  PYTHON_ABI_MISMATCH: {
    code: 'PYTHON_ABI_MISMATCH',
    level: 'error',
    ...FILES,
    tag: 'cpython-311',
    runtime: 'python3.12',
    expected: 'cpython-312',
  },
  NAPI_TOO_NEW: {
    code: 'NAPI_TOO_NEW',
    level: 'error',
    ...FILES,
    symbols: ['node_api_a'],
    needs: 10,
    has: 9,
    runtime: 'nodejs20.x',
    fits: ['nodejs22.x'],
  },
  NODE_ABI_MISMATCH: {
    code: 'NODE_ABI_MISMATCH',
    level: 'error',
    ...FILES,
    abis: ['115'],
    expected: '137',
    runtime: 'nodejs24.x',
    fits: ['nodejs20.x'],
  },
  EXEC_BIT_LOST: { code: 'EXEC_BIT_LOST', level: 'error', ...FILES },
  STRIP_DAMAGED: { code: 'STRIP_DAMAGED', level: 'error', ...FILES, reason: 'a segment lies askew' },
  LIBRARY_BROKEN: { code: 'LIBRARY_BROKEN', level: 'warning', ...FILES, what: 'empty', reason: null },
  LIBRARY_HOLES: { code: 'LIBRARY_HOLES', level: 'info', ...FILES, holes: 2_000_000 },
  RULE_MATCHED_NOTHING: {
    code: 'RULE_MATCHED_NOTHING',
    level: 'warning',
    rule: 'a/docs',
    package: 'a@1.0.0',
  },
  RULE_UNKNOWN: { code: 'RULE_UNKNOWN', level: 'warning', rule: 'a/dogs', nearest: 'a/docs' },
  KEEP_MATCHED_NOTHING: { code: 'KEEP_MATCHED_NOTHING', level: 'warning', pattern: 'modle/**' },
  PRESET_VERSION_UNTESTED: {
    code: 'PRESET_VERSION_UNTESTED',
    level: 'info',
    preset: 'a',
    package: 'a@9.0.0',
    versions: '<2',
  },
  TARGET_BINARY_MISSING: {
    code: 'TARGET_BINARY_MISSING',
    level: 'error',
    package: '@scope/b@2.0.0',
    platform: 'linux-arm64',
    found: ['darwin-arm64'],
  },
  INSTALL_SCRIPT_SKIPPED: { code: 'INSTALL_SCRIPT_SKIPPED', level: 'warning', package: 'b@2.0.0' },
  DECORATOR_METADATA: { code: 'DECORATOR_METADATA', level: 'warning', path: 'index.cjs' },
  NO_LOCKFILE: { code: 'NO_LOCKFILE', level: 'warning', root: 'api' },
  REQUIREMENTS_LOOSE: {
    code: 'REQUIREMENTS_LOOSE',
    level: 'warning',
    file: 'requirements.txt',
    packages: ['numpy'],
  },
  IMPORT_UNRESOLVED: { code: 'IMPORT_UNRESOLVED', level: 'warning', module: 'yaml', importer: 'app.py' },
  RECORD_ESCAPES: {
    code: 'RECORD_ESCAPES',
    level: 'warning',
    package: 'evil@1.0',
    paths: ['/etc/passwd'],
  },
  CASE_CLASH: { code: 'CASE_CLASH', level: 'error', package: 'a@1.0', paths: ['a/X.py', 'a/x.py'] },
  FILES_CLASH: {
    code: 'FILES_CLASH',
    level: 'warning',
    packages: ['opencv-python', 'opencv-python-headless'],
    paths: ['cv2/__init__.py'],
  },
  DEPENDENCY_FILE_UNREAD: {
    code: 'DEPENDENCY_FILE_UNREAD',
    level: 'warning',
    file: 'pdm.lock',
    instead: '`pdm export -o requirements.txt`',
  },
  CUDA_WHEEL: {
    code: 'CUDA_WHEEL',
    level: 'error',
    package: 'torch',
    version: '2.15.0',
    bytes: 3_000_000_000,
    parts: ['nvidia-cudnn-cu13', 'triton'],
    askedBy: [],
    instead: {
      package: 'torch',
      version: '2.15.0+cpu',
      index: { name: 'pytorch-cpu', url: 'https://download.pytorch.org/whl/cpu' },
      together: [],
    },
    file: 'requirements.txt',
    tool: 'pip',
  },
  NAME_NOT_UTF8: { code: 'NAME_NOT_UTF8', level: 'warning', path: 'data/\uFFFD.txt' },
  SECRET_FILE: { code: 'SECRET_FILE', level: 'warning', path: '.env', what: 'a file of secrets' },
  INCLUDE_MATCHED_NOTHING: { code: 'INCLUDE_MATCHED_NOTHING', level: 'warning', pattern: 'modle/**' },
  LINK_LEFT_OUT: { code: 'LINK_LEFT_OUT', level: 'warning', path: 'a', target: '../b', reason: 'outside' },
  OWN_CODE_BY_PATH: {
    code: 'OWN_CODE_BY_PATH',
    level: 'warning',
    path: 'jobs/w.ts',
    reader: 'index.ts',
    reason: 'uncompiled',
  },
  DUPLICATE_ENTRY: { code: 'DUPLICATE_ENTRY', level: 'error', path: 'index.js' },
  ENTRY_ESCAPES: { code: 'ENTRY_ESCAPES', level: 'error', path: '../evil.js' },
  ENTRY_CLOSED: { code: 'ENTRY_CLOSED', level: 'error', paths: ['a.py'] },
  ENTRY_UNREADABLE: { code: 'ENTRY_UNREADABLE', level: 'error', path: 'a.js', reason: 'it is encrypted' },
  TMP_TOO_SMALL: { code: 'TMP_TOO_SMALL', level: 'error', bytes: 900_000_000, limit: 536_870_912 },
  COMPRESSED_BROKEN: {
    code: 'COMPRESSED_BROKEN',
    level: 'error',
    path: 'function.zip',
    reason: '.lambda-slim/0-a.so.zst is missing',
  },
  INFLATE_UNSUPPORTED: {
    code: 'INFLATE_UNSUPPORTED',
    level: 'error',
    runtime: 'nodejs20.x',
    format: 'zstd',
  },
  NATIVE_PATTERN_MATCHED_NOTHING: {
    code: 'NATIVE_PATTERN_MATCHED_NOTHING',
    level: 'warning',
    setting: 'native.stripExcept',
    pattern: 'lib/**',
  },
  COMPRESS_NOTHING: { code: 'COMPRESS_NOTHING', level: 'info', minBytes: 1_048_576 },
  INFLATE_NOT_MEASURED: { code: 'INFLATE_NOT_MEASURED', level: 'warning', reason: 'the disk is full' },
  COMPRESS_SKIPPED: {
    code: 'COMPRESS_SKIPPED',
    level: 'info',
    paths: ['lib/a.so'],
    reason: 'no addon is linked with it',
  },
  LINK_BROKEN: {
    code: 'LINK_BROKEN',
    level: 'warning',
    path: 'lib/a.so',
    target: 'b.so',
    reason: 'cycle',
  },
  STRIP_KEPT: {
    code: 'STRIP_KEPT',
    level: 'info',
    paths: ['lib/a.so'],
    reason: 'data follows its last section',
  },
  COMPILE_CACHE_LEFT_OUT: { code: 'COMPILE_CACHE_LEFT_OUT', level: 'warning', reason: 'The CPU differs' },
  AWS_SERVICES_UNDECLARED: {
    code: 'AWS_SERVICES_UNDECLARED',
    level: 'info',
    services: ['s3'],
    bytes: 9_000_000,
  },
  AWS_SERVICE_UNKNOWN: {
    code: 'AWS_SERVICE_UNKNOWN',
    level: 'warning',
    service: 'dynamo',
    nearest: 'dynamodb',
  },
  RUNTIME_PROVIDES: {
    code: 'RUNTIME_PROVIDES',
    level: 'warning',
    packages: ['boto3', 'botocore'],
    pinned: ['boto3==1.40.1'],
  },
  BYTECODE_LEFT_OUT: { code: 'BYTECODE_LEFT_OUT', level: 'warning', reason: 'python', detail: '3.12' },
  VERIFY_DIFFERS: {
    code: 'VERIFY_DIFFERS',
    level: 'error',
    event: 'dog',
    start: 'cold',
    differences: [{ at: 'body.label', expected: '"dog"', actual: '"cat"' }],
    count: 1,
  },
  VERIFY_FAILED: {
    code: 'VERIFY_FAILED',
    level: 'error',
    event: null,
    errorType: 'Runtime.ImportModuleError',
    message: "Cannot find module './a.js'",
  },
  VERIFY_BLAME: {
    code: 'VERIFY_BLAME',
    level: 'error',
    rule: 'sharp/docs',
    why: 'documentation does not run',
    paths: ['node_modules/sharp/docs/a.md'],
    count: 1,
    isMinimal: true,
    mend: { setting: 'keep', add: ['node_modules/sharp/docs/a.md'] },
  },
  VERIFY_UNEXPLAINED: {
    code: 'VERIFY_UNEXPLAINED',
    level: 'error',
    reason: 'With every file put back it still differs',
    hint: 'Build with --no-bundle.',
  },
  VERIFY_ORIGINAL_FAILS: {
    code: 'VERIFY_ORIGINAL_FAILS',
    level: 'warning',
    event: 'dog',
    errorType: 'Error',
    message: 'no network',
  },
  VERIFY_NO_EVENTS: { code: 'VERIFY_NO_EVENTS', level: 'warning', natives: 2 },
  VERIFY_NOT_RUN: { code: 'VERIFY_NOT_RUN', level: 'warning', reason: 'The CPU differs.' },
  VERIFY_NATIVE_MISSING: { code: 'VERIFY_NATIVE_MISSING', level: 'error', paths: ['/var/task/lib/a.so'] },
  VERIFY_VOLATILE: { code: 'VERIFY_VOLATILE', level: 'info', event: 'dog', places: ['body.time'] },
  EXACT_ANSWER_FAILED: { code: 'EXACT_ANSWER_FAILED', level: 'warning', event: 'dog', statusCode: 502 },
  EXACT_READS_UNSEEN: { code: 'EXACT_READS_UNSEEN', level: 'warning', reason: 'noatime' },
  FALLBACK_USED: {
    code: 'FALLBACK_USED',
    level: 'warning',
    paths: ['a.json'],
    mend: { setting: 'keep', add: ['a.json'] },
  },
  ZIP64_FLAVOUR: { code: 'ZIP64_FLAVOUR', level: 'warning', entries: 3 },
};
