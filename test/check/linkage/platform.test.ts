import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { platformOf } from '../../helpers/check.ts';
import { brief, type JudgeOptions, judge, type Made, type MadeFiles } from './artifact.ts';

const NODE = { platform: platformOf('nodejs24.x') };
const MAC: Made = { native: { format: 'mach-o' } };
const WINDOWS: Made = { native: { format: 'pe' } };
const ARM: Made = { machine: 'aarch64' };
const MUSL: Made = { needed: ['libc.musl-x86_64.so.1'] };
const FINE: Made = { needed: ['libc.so.6'] };
const BIG = 2 * 1024 * 1024;

const CASES: readonly (readonly [string, MadeFiles, JudgeOptions, readonly string[]])[] = [
  ['nothing wrong', { 'a.node': FINE }, NODE, []],
  ['another CPU', { 'a.node': ARM }, NODE, ['ARCH_MISMATCH error a.node']],
  ['the CPU asked for', { 'a.node': ARM }, { platform: platformOf('nodejs24.x', 'arm64') }, []],
  ['32 bits', { 'a.node': { machine: 'i386', bits: 32 } }, NODE, ['ARCH_MISMATCH error a.node']],
  [
    '32-bit pointers of the right CPU',
    { 'a.node': { machine: 'x86_64', bits: 32 } },
    NODE,
    ['ARCH_MISMATCH error a.node'],
  ],
  ['object files', { 'a/b.o': { machine: 'aarch64', kind: 'relocatable' } }, NODE, []],
  ['macOS', { 'a.node': MAC }, NODE, ['NOT_LINUX error a.node']],
  ['musl by a need', { 'a.node': MUSL }, NODE, ['LIBC_MISMATCH error a.node']],
  [
    'musl by its program interpreter',
    { 'bin/a': { interpreter: '/lib/ld-musl-x86_64.so.1', mode: 0o755 } },
    NODE,
    ['LIBC_MISMATCH error bin/a'],
  ],
  ['Android', { 'android/a.node': { needed: ['libc.so'] } }, NODE, ['LIBC_MISMATCH error android/a.node']],
  ['BSD', { 'a.node': { needed: ['libc.so.7'] } }, NODE, ['LIBC_MISMATCH error a.node']],
  [
    'dead weight beside the right build, by package',
    {
      'node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node': FINE,
      'node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node': { ...MUSL, bytes: BIG },
      'node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node': { ...MAC, bytes: BIG },
      'node_modules/ort/bin/linux/x64/libonnxruntime.so.1': FINE,
      'node_modules/ort/bin/linux/arm64/libonnxruntime.so.1': { ...ARM, bytes: BIG },
      'node_modules/ort/bin/win32/x64/DirectML.dll': { ...WINDOWS, bytes: BIG },
    },
    NODE,
    [
      'ARCH_MISMATCH warning node_modules/ort/bin/linux/arm64/libonnxruntime.so.1',
      'LIBC_MISMATCH warning node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node',
      'NOT_LINUX warning node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node',
      'NOT_LINUX warning node_modules/ort/bin/win32/x64/DirectML.dll',
    ],
  ],
  [
    'a tree that was installed on a Mac',
    {
      'node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node': MAC,
      'node_modules/@img/sharp-libvips-darwin-arm64/lib/libvips-cpp.8.17.3.dylib': MAC,
    },
    NODE,
    [
      'NOT_LINUX error node_modules/@img/sharp-darwin-arm64/lib/sharp-darwin-arm64.node',
      'NOT_LINUX error node_modules/@img/sharp-libvips-darwin-arm64/lib/libvips-cpp.8.17.3.dylib',
    ],
  ],
  [
    'a package for macOS only',
    { 'node_modules/fsevents/fsevents.node': MAC },
    NODE,
    ['NOT_LINUX info node_modules/fsevents/fsevents.node'],
  ],
  [
    'a package that does without',
    { 'node_modules/bufferutil/prebuilds/darwin/a.node': MAC },
    NODE,
    ['NOT_LINUX info node_modules/bufferutil/prebuilds/darwin/a.node'],
  ],
  [
    'launchers of Windows',
    { 'setuptools/cli-32.exe': WINDOWS },
    {},
    ['NOT_LINUX info setuptools/cli-32.exe'],
  ],
  [
    'a program of a package for Windows',
    { 'node_modules/@esbuild/win32-x64/esbuild.exe': WINDOWS },
    NODE,
    ['NOT_LINUX error node_modules/@esbuild/win32-x64/esbuild.exe'],
  ],
  [
    'one module of a Python package among others',
    { 'numpy/a.cpython-312-x86_64-linux-gnu.so': FINE, 'numpy/b.cpython-312-darwin.so': MAC },
    {},
    ['NOT_LINUX error numpy/b.cpython-312-darwin.so'],
  ],
  [
    'Windows modules of Python',
    { 'numpy/a.cp312-win_amd64.pyd': WINDOWS },
    {},
    ['NOT_LINUX error numpy/a.cp312-win_amd64.pyd'],
  ],
  [
    'CPUs without a platform to judge by',
    { 'a.node': FINE, 'b.node': FINE, 'c.node': ARM },
    { platform: null },
    ['ARCH_MISMATCH warning c.node'],
  ],
  [
    'musl without a platform to judge by',
    { 'a.node': { needed: ['libc.musl-x86_64.so.1'] } },
    { platform: null },
    ['LIBC_MISMATCH error a.node'],
  ],
  ['one CPU without a platform to judge by', { 'a.node': ARM, 'b.node': ARM }, { platform: null }, []],
];

for (const [what, files, options, expected] of CASES) {
  test(`platform: ${what}`, () => assert.equal(brief(judge(files, options)), expected));
}

const TAGS: readonly (readonly [string, boolean])[] = [
  ['m.cpython-312-x86_64-linux-gnu.so', true],
  ['m.cpython-312.so', true],
  ['m.abi3.so', true],
  ['m.so', true],
  ['libm.cpython-311.so.1', true],
  ['m.cpython-311-x86_64-linux-gnu.so', false],
  ['m.cpython-311.so', false],
  ['m.cpython-312d-x86_64-linux-gnu.so', false],
  ['m.cpython-313t-x86_64-linux-gnu.so', false],
  ['m.pypy310-pp73-x86_64-linux-gnu.so', false],
];

for (const [name, isFine] of TAGS) {
  test(`CPython 3.12 ${isFine ? 'imports' : 'does not import'} ${name}`, () => {
    const path = `pkg/${name}`;
    assert.equal(brief(judge({ [path]: FINE })), isFine ? [] : [`PYTHON_ABI_MISMATCH error ${path}`]);
    assert.equal(brief(judge({ [path]: FINE }, NODE)), []);
  });
}

test("a module for another CPython is dead weight beside the right one, and its needs are nobody's business", () => {
  const findings = judge({
    'pkg/m.cpython-312-x86_64-linux-gnu.so': FINE,
    'pkg/m.cpython-311-x86_64-linux-gnu.so': { needed: ['libnowhere.so.1'], bytes: BIG },
  });
  assert.equal(brief(findings), ['PYTHON_ABI_MISMATCH warning pkg/m.cpython-311-x86_64-linux-gnu.so']);
});

test('files of a package make one finding, with all of their bytes and paths', () => {
  const modules = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`numpy/m${i}.cpython-311.so`, { bytes: 100 }]),
  );
  const [finding, ...others] = judge(modules);
  assert.equal(others, []);
  assert.equal(
    [finding?.package, finding?.count, finding?.bytes, finding?.paths.length],
    ['numpy', 60, 6000, 50],
  );
});

test("Node-API: functions newer than the runtime's, with the runtimes that have them", () => {
  const files = {
    'a.node': {
      imports: ['napi_create_object', 'node_api_create_property_key_utf16', 'node_api_unheard_of'],
    },
  };
  const [finding, ...others] = judge(files, { platform: platformOf('nodejs20.x') });
  assert.equal(others, []);
  assert.ok(finding?.code === 'NAPI_TOO_NEW');
  assert.equal(
    [finding.level, finding.symbols, finding.needs, finding.has, finding.fits],
    ['error', ['node_api_create_property_key_utf16'], 10, 9, ['nodejs22.x', 'nodejs24.x']],
  );
  assert.equal(judge(files, NODE), []);
  assert.equal(judge(files), []);
});

test('programs need the permission to be executed, libraries do not', () => {
  const interpreter = '/lib64/ld-linux-x86-64.so.2';
  const files = (mode: number): MadeFiles => ({
    'bin/static': { kind: 'executable', mode },
    'bin/pie': { interpreter, mode },
    'lib/libc.so.6': { interpreter, mode },
    'lib/libz.so': { mode },
  });
  const [finding, ...others] = judge(files(0o644), NODE);
  assert.equal(
    [finding?.code, finding?.level, finding?.paths],
    ['EXEC_BIT_LOST', 'error', ['bin/pie', 'bin/static']],
  );
  assert.equal(others, []);
  assert.equal(brief(judge(files(0), { platform: null })), ['EXEC_BIT_LOST error bin/pie']);
  assert.equal(judge(files(0o755), NODE), []);
});

test('what is no library, or a damaged one, is told for every runtime', () => {
  const other = (looksLike: 'archive' | 'linker script' | 'git-lfs pointer' | 'empty' | 'unknown'): Made => ({
    native: { format: 'other', looksLike },
  });
  const findings = judge(
    {
      'a/libar.so': other('archive'),
      'b/libscript.so.6': other('linker script'),
      'c/addon.node': other('git-lfs pointer'),
      'd/libempty.so': other('empty'),
      'e/libtext.so': other('unknown'),
      'f/data.bin': other('unknown'),
      'g/libcut.so': { native: { format: 'broken', reason: 'it ends early' } },
      'h/cut': { native: { format: 'broken', reason: 'it ends early' } },
      'i/liba.so': { damage: ['segment 0 is askew'] },
      'j/libholes.so': { holes: 3_000_000 },
      'k/libpadded.so': { holes: 4096 },
    },
    { platform: null },
  );
  assert.equal(brief(findings), [
    'LIBRARY_BROKEN warning a/libar.so',
    'LIBRARY_BROKEN warning b/libscript.so.6',
    'LIBRARY_BROKEN error c/addon.node',
    'LIBRARY_BROKEN warning d/libempty.so',
    'LIBRARY_BROKEN warning e/libtext.so',
    'LIBRARY_BROKEN error g/libcut.so',
    'LIBRARY_BROKEN warning h/cut',
    'LIBRARY_HOLES info j/libholes.so',
    'STRIP_DAMAGED error i/liba.so',
  ]);
});

test.run();
