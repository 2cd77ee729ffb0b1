import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { platformOf } from '../../helpers/check.ts';
import { brief, type JudgeOptions, judge, type MadeFiles, needing } from './artifact.ts';

const NODE = { platform: platformOf('nodejs24.x') };
const X = 'libx.so.1';
const NEEDS_X = { needed: [X] };

/** Where a library may lie and how it is looked for, and whether it is found: `error`, `off` the path, or `ok`. */
const SEARCH: readonly (readonly [string, MadeFiles, 'ok' | 'off' | 'error', JudgeOptions?])[] = [
  ['nowhere', { 'p/a.so': NEEDS_X }, 'error'],
  ['beside, without a path', { 'p/a.so': NEEDS_X, 'p/libx.so.1': {} }, 'off'],
  ['beside, RPATH $ORIGIN', { 'p/a.so': { ...NEEDS_X, rpath: ['$ORIGIN'] }, 'p/libx.so.1': {} }, 'ok'],
  ['RPATH in braces', { 'p/q/a.so': { ...NEEDS_X, rpath: ['\u0024{ORIGIN}/..'] }, 'p/libx.so.1': {} }, 'ok'],
  ['RUNPATH', { 'p/a.so': { ...NEEDS_X, runpath: ['$ORIGIN/../l'] }, 'l/libx.so.1': {} }, 'ok'],
  ['RUNPATH with $LIB', { 'a.so': { ...NEEDS_X, runpath: ['$ORIGIN/$LIB'] }, 'lib64/libx.so.1': {} }, 'ok'],
  ['absolute RPATH', { 'p/a.so': { ...NEEDS_X, rpath: ['/var/task/deep'] }, 'deep/libx.so.1': {} }, 'ok'],
  ['RPATH out of the function', { 'a.so': { ...NEEDS_X, rpath: ['/usr/local/lib'] } }, 'error'],
  [
    'RPATH is void beside a RUNPATH',
    { 'p/a.so': { ...NEEDS_X, rpath: ['$ORIGIN'], runpath: ['/nowhere'] }, 'p/libx.so.1': {} },
    'off',
  ],
  ['/var/task', { 'p/a.so': NEEDS_X, 'libx.so.1': {} }, 'ok'],
  ['/var/task/lib', { 'p/a.so': NEEDS_X, 'lib/libx.so.1': {} }, 'ok'],
  ['/opt/lib of a layer', { 'p/a.so': NEEDS_X }, 'ok', { layers: [{ 'lib/libx.so.1': {} }] }],
  ['elsewhere in a layer', { 'p/a.so': NEEDS_X }, 'off', { layers: [{ 'python/libx.so.1': {} }] }],
  ['a link', { 'p/a.so': NEEDS_X, 'lib/libx.so.1': '../real/libx.so.1.2', 'real/libx.so.1.2': {} }, 'ok'],
  ['a folder that is a link', { 'p/a.so': NEEDS_X, lib: 'real', 'real/libx.so.1': {} }, 'ok'],
  [
    'an absolute link',
    { 'p/a.so': NEEDS_X, 'lib/libx.so.1': '/var/task/r/libx.so.1', 'r/libx.so.1': {} },
    'ok',
  ],
  ['a link to nothing', { 'p/a.so': NEEDS_X, 'lib/libx.so.1': 'gone' }, 'error'],
  ['links in a circle', { 'p/a.so': NEEDS_X, 'lib/libx.so.1': 'liby', 'lib/liby': 'libx.so.1' }, 'error'],
  ['a link out of everything', { 'p/a.so': NEEDS_X, 'lib/libx.so.1': '../../../../../etc/libx' }, 'error'],
  [
    'the other name of the one that needs it',
    { 'p/a.so': { ...NEEDS_X, rpath: ['$ORIGIN'] }, 'q/a.so': '../p/a.so', 'q/libx.so.1': {} },
    'ok',
  ],
  ['for another CPU', { 'node_modules/p/a.so': NEEDS_X, 'lib/libx.so.1': { machine: 'aarch64' } }, 'error'],
  [
    'one that is no library',
    { 'p/a.so': NEEDS_X, 'lib/libx.so.1': { native: { format: 'other', looksLike: 'empty' } } },
    'error',
  ],
  [
    'made at run time',
    {
      'p/a.so': { ...NEEDS_X, rpath: ['$ORIGIN'] },
      'p/libx.so.1': { native: { format: 'other', looksLike: 'empty' } },
    },
    'ok',
    { compressed: ['p/libx.so.1'] },
  ],
  [
    'made at run time in another folder',
    { 'p/a.so': NEEDS_X, 'q/libx.so.1': { native: { format: 'other', looksLike: 'empty' } } },
    'off',
    { compressed: ['q/libx.so.1'] },
  ],
  ['by a path', { 'p/a.so': { needed: ['./p/libx.so.1'] }, 'p/libx.so.1': {} }, 'ok'],
  [
    'RPATH of what loads it',
    {
      'r/a.so': { needed: ['libm.so.1'], rpath: ['$ORIGIN/../l'] },
      'l/libm.so.1': NEEDS_X,
      'l/libx.so.1': {},
    },
    'ok',
  ],
  [
    'RPATH of what loads what loads it',
    {
      'r/a.so': { needed: ['libm.so.1'], rpath: ['$ORIGIN/../l'] },
      'l/libm.so.1': { needed: ['libn.so.1'] },
      'l/libn.so.1': NEEDS_X,
      'l/libx.so.1': {},
    },
    'ok',
  ],
  [
    'not the RUNPATH of what loads it',
    {
      'r/a.so': { needed: ['libm.so.1'], runpath: ['$ORIGIN/../l'] },
      'l/libm.so.1': NEEDS_X,
      'l/libx.so.1': {},
    },
    'off',
  ],
  [
    'no RPATH of others for one with a RUNPATH',
    {
      'r/a.so': { needed: ['libm.so.1'], rpath: ['$ORIGIN/../l'] },
      'l/libm.so.1': { ...NEEDS_X, runpath: ['/x'] },
      'l/libx.so.1': {},
    },
    'off',
  ],
  [
    'loaded already by what loads it',
    {
      'r/a.so': { needed: [X, 'libm.so.1'], runpath: ['$ORIGIN/../l'] },
      'l/libm.so.1': NEEDS_X,
      'l/libx.so.1': {},
    },
    'ok',
  ],
  [
    'by SONAME under another file name',
    {
      'r/a.so': { needed: ['libx-real.so', 'libm.so.1'], runpath: ['$ORIGIN/../l'] },
      'l/libm.so.1': NEEDS_X,
      'l/libx-real.so': { soname: X },
    },
    'ok',
  ],
  ['itself', { 'l/libx.so.1': { ...NEEDS_X, rpath: ['$ORIGIN'] } }, 'ok'],
  ['each other', { 'lib/libx.so.1': { needed: ['liby.so'] }, 'lib/liby.so': NEEDS_X }, 'ok'],
  ['each other, off the path', { 'p/libx.so.1': { needed: ['liby.so'] }, 'p/liby.so': NEEDS_X }, 'off'],
];

for (const [what, files, expected, options = {}] of SEARCH) {
  test(`a needed library: ${what}`, () => {
    const missing = judge(files, options).filter(({ code }) => code === 'LIB_MISSING');
    const levels = { ok: [], off: ['warning'], error: ['error'] }[expected];
    assert.equal([...new Set(missing.map(({ level }) => level))], levels);
  });
}

test('what the runtime has is not missing, and differs by its system', () => {
  const all = {
    'a.so': { needed: ['libc.so.6', 'libz.so.1', 'libstdc++.so.6', 'libpython3.12.so.1.0', 'libssl.so.3'] },
  };
  assert.equal(judge(all), []);
  assert.equal(
    judge(all, { platform: platformOf('python3.11') }).flatMap(finding =>
      finding.code === 'LIB_MISSING' ? finding.libraries : [],
    ),
    ['libpython3.12.so.1.0', 'libssl.so.3'],
  );
  assert.equal(brief(judge({ 'a.node': { needed: ['libpython3.12.so.1.0'] } }, NODE)), [
    'LIB_MISSING error a.node',
  ]);
});

test('a missing library is told with the chain that leads to it and with what to do', () => {
  const [finding] = judge({
    'p/a.so': { needed: ['libm.so.1'], rpath: ['$ORIGIN'] },
    'p/libm.so.1': { needed: ['libgomp.so.1'] },
  });
  assert.ok(finding?.code === 'LIB_MISSING');
  assert.equal([finding.libraries, finding.chain], [['libgomp.so.1'], ['p/a.so', 'p/libm.so.1']]);
  assert.match(finding.advice ?? '', 'OpenMP');
});

test('plug-ins for GPUs, modules that their package does without, and doubtful libraries are warnings', () => {
  const findings = judge(
    {
      'p/a.so': { needed: ['libcudart.so.12'] },
      'v/a.so': { needed: ['libvulkan.so.1'] },
      'numba/np/ufunc/tbbpool.cpython-311-x86_64-linux-gnu.so': { needed: ['libtbb.so.12'] },
      'q/a.so': { needed: ['libcrypt.so.1'] },
    },
    { platform: platformOf('python3.11') },
  );
  assert.equal(
    findings.map(
      finding => finding.code === 'LIB_MISSING' && [finding.level, finding.reason, ...finding.libraries],
    ),
    [
      ['warning', 'optional', 'libtbb.so.12'],
      ['warning', 'optional', 'libcudart.so.12'],
      ['warning', 'uncertain', 'libcrypt.so.1'],
      ['warning', 'optional', 'libvulkan.so.1'],
    ],
  );
});

test('a library that needs its own SONAME under another file name has what it needs', () => {
  const items: MadeFiles = { 'p/other.so': { soname: 'libself.so', needed: ['libself.so'] } };
  assert.equal(brief(judge(items, { platform: platformOf('nodejs24.x') })), []);
});

test('a program needs the interpreter that it names', () => {
  const program = (interpreter: string): MadeFiles => ({ 'bin/a': { interpreter, mode: 0o755 } });
  assert.equal(judge(program('/lib64/ld-linux-x86-64.so.2')), []);
  assert.equal(brief(judge(program('/nix/store/x/ld-linux-x86-64.so.2'))), ['LIB_MISSING error bin/a']);
});

test('names to load at run time are a word, unless something of that name is there or the code does without', () => {
  const findings = judge({
    'p/a.so': { dlopens: ['libnowhere.so.1', 'libcuda.so.1', 'libssl.so.1.1', 'libown.so'] },
    'p/libown.so.3': {},
  });
  const [finding] = findings;
  assert.ok(finding?.code === 'LIB_BY_NAME');
  assert.equal([finding.level, finding.libraries, findings.length], ['info', ['libnowhere.so.1'], 1]);
});

/** The example of node-canvas: its libpng asks more of libz than the system's has, and its own libz is never found. */
const CANVAS = {
  'node_modules/canvas/build/libpng16.so.16': { ...needing('libz.so.1', 'ZLIB_1.2.9'), runpath: ['$ORIGIN'] },
  'node_modules/canvas/build/libz.so.1': {},
};

test("a copy that the system's wins over is told, and is an error where the system's is known to be too old", () => {
  const al2 = judge(CANVAS, { platform: platformOf('python3.11') });
  assert.equal(brief(al2), ['LIB_SHADOWED error node_modules/canvas/build/libpng16.so.16']);
  assert.equal(
    al2.map(finding => finding.code === 'LIB_SHADOWED' && [finding.needs, finding.own, finding.libraries]),
    [['ZLIB_1.2.9', 'node_modules/canvas/build/libz.so.1', ['libz.so.1']]],
  );
  assert.equal(brief(judge(CANVAS, NODE)), ['LIB_SHADOWED info node_modules/canvas/build/libpng16.so.16']);
  const withRpath = {
    ...CANVAS,
    'node_modules/canvas/build/libpng16.so.16': { ...needing('libz.so.1', 'ZLIB_1.2.9'), rpath: ['$ORIGIN'] },
  };
  assert.equal(judge(withRpath, { platform: platformOf('python3.11') }), []);
  assert.equal(brief(judge({ 'p/a.so': needing('libuuid.so.1', 'UUID_1.0'), 'lib/libuuid.so.1': {} })), [
    'LIB_SHADOWED warning p/a.so',
  ]);
});

test('later layers override earlier ones', () => {
  const broken = { native: { format: 'broken', reason: 'cut' } } as const;
  const fine = { 'lib/libx.so.1': {} };
  assert.equal(judge({ 'a.so': NEEDS_X }, { layers: [{ 'lib/libx.so.1': broken }, fine] }), []);
  assert.equal(brief(judge({}, { layers: [fine, { 'lib/libx.so.1': broken }] })), [
    'LIBRARY_BROKEN error /opt/lib/libx.so.1',
  ]);
});

test('thousands of libraries that all need each other, and paths of absurd depth, do no harm', () => {
  const many = Object.fromEntries(
    Array.from({ length: 3000 }, (_, i) => [
      `p/lib${i}.so`,
      { needed: [`lib${(i + 1) % 3000}.so`, `lib${(i * 7) % 3000}.so`, 'libnowhere.so'], rpath: ['$ORIGIN'] },
    ]),
  );
  const [finding, ...others] = judge(many);
  assert.equal([finding?.code, finding?.count, others], ['LIB_MISSING', 3000, []]);
  const deep = 'd/'.repeat(20_000);
  assert.equal(judge({ [`${deep}a.so`]: NEEDS_X, [`${deep}l`]: deep }), []);
});

test.run();
