import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compareVersions,
  newestOf,
  parseSymbolVersion,
} from '../../../src/check/linkage/compare-versions.ts';
import { platformOf } from '../../helpers/check.ts';
import { judge, type MadeFiles, needing } from './artifact.ts';

const CXX = 'libstdc++.so.6';

/** Runtime, what a file asks for, and code, level, needs and has of what is found. */
const CASES: readonly (readonly [string, string, readonly string[], readonly unknown[] | null])[] = [
  ['python3.11', 'libm.so.6', ['GLIBC_2.2.5', 'GLIBC_2.26'], null],
  ['python3.11', 'libm.so.6', ['GLIBC_2.27', 'GLIBC_2.9'], ['GLIBC_TOO_NEW', 'error', '2.27', '2.26']],
  ['python3.12', 'libc.so.6', ['GLIBC_2.34'], null],
  ['python3.12', 'libc.so.6', ['GLIBC_2.35'], ['GLIBC_TOO_NEW', 'error', '2.35', '2.34']],
  ['python3.12', 'libc.so.6', ['GLIBC_ABI_DT_RELR'], ['GLIBC_TOO_NEW', 'error', '2.36', '2.34']],
  ['python3.12', 'libc.so.6', ['GLIBC_PRIVATE'], null],
  ['python3.12', CXX, ['GLIBCXX_3.4.29', 'CXXABI_1.3.13'], null],
  ['python3.12', CXX, ['GLIBCXX_3.4.30'], ['GLIBCXX_TOO_NEW', 'warning', '3.4.30', '3.4.29']],
  ['python3.12', CXX, ['GLIBCXX_3.4.34'], ['GLIBCXX_TOO_NEW', 'error', '3.4.34', '3.4.29']],
  ['python3.12', CXX, ['CXXABI_1.3.14'], ['CXXABI_TOO_NEW', 'warning', '1.3.14', '1.3.13']],
  ['python3.11', CXX, ['GLIBCXX_3.4.25'], ['GLIBCXX_TOO_NEW', 'error', '3.4.25', '3.4.24']],
  ['python3.11', CXX, ['CXXABI_1.3.13'], ['CXXABI_TOO_NEW', 'error', '1.3.13', '1.3.11']],
  ['python3.11', CXX, ['CXXABI_FLOAT128', 'GLIBCXX_LDBL_3.4'], null],
];

for (const [runtime, library, versions, expected] of CASES) {
  test(`${versions.join(' and ')} of ${library} on ${runtime}`, () => {
    const findings = judge({ 'p/a.so': needing(library, ...versions) }, { platform: platformOf(runtime) });
    const found = findings.map(
      finding =>
        'needs' in finding && [finding.code, finding.level, finding.needs, 'has' in finding && finding.has],
    );
    assert.equal(found, expected ? [expected] : []);
  });
}

test('it says which runtimes fit: of the same language, or none', () => {
  const fits = (runtime: string, version: string): unknown =>
    judge({ 'a.so': needing('libc.so.6', version) }, { platform: platformOf(runtime) }).map(
      finding => 'fits' in finding && finding.fits,
    )[0];
  assert.equal(fits('python3.10', 'GLIBC_2.28'), ['python3.12', 'python3.13', 'python3.14']);
  assert.equal(fits('nodejs24.x', 'GLIBC_2.38'), []);
});

test('files of one package are told together, by the newest that they need', () => {
  const findings = judge(
    {
      'p/a.so': needing('libc.so.6', 'GLIBC_2.27'),
      'p/b.so': needing('libc.so.6', 'GLIBC_2.32'),
      'q/c.so': needing('libc.so.6', 'GLIBC_2.28'),
    },
    { platform: platformOf('python3.11') },
  );
  assert.equal(
    findings.map(
      finding => finding.code === 'GLIBC_TOO_NEW' && [finding.package, finding.count, finding.needs],
    ),
    [
      ['p', 2, '2.32'],
      ['q', 1, '2.28'],
    ],
  );
});

const NEEDS = needing(CXX, 'GLIBCXX_3.4.34');
const OWN = { versionDefinitions: ['GLIBCXX_3.4', 'GLIBCXX_3.4.34'] };

/** A libstdc++ in the artifact counts only where it is the one that is found. */
const COPIES: readonly (readonly [string, string, MadeFiles, boolean])[] = [
  [
    'RPATH, Python',
    'python3.12',
    { 'p/a.so': { ...NEEDS, rpath: ['$ORIGIN'] }, 'p/libstdc++.so.6': OWN },
    true,
  ],
  [
    'RUNPATH comes after /lib64',
    'python3.12',
    { 'p/a.so': { ...NEEDS, runpath: ['$ORIGIN'] }, 'p/libstdc++.so.6': OWN },
    false,
  ],
  ['lib/ comes after /lib64', 'python3.12', { 'p/a.so': NEEDS, 'lib/libstdc++.so.6': OWN }, false],
  [
    "node has loaded the system's",
    'nodejs24.x',
    { 'p/a.node': { ...NEEDS, rpath: ['$ORIGIN'] }, 'p/libstdc++.so.6': OWN },
    false,
  ],
  [
    'a program of its own',
    'nodejs24.x',
    { 'p/a': { ...NEEDS, rpath: ['$ORIGIN'], kind: 'executable', mode: 0o755 }, 'p/libstdc++.so.6': OWN },
    true,
  ],
  [
    'too old a copy',
    'python3.12',
    {
      'p/a.so': { ...NEEDS, rpath: ['$ORIGIN'] },
      'p/libstdc++.so.6': { versionDefinitions: ['GLIBCXX_3.4.20'] },
    },
    false,
  ],
  [
    'RPATH of what loads it',
    'python3.12',
    { 'p/a.so': { needed: ['libb.so'], rpath: ['$ORIGIN'] }, 'p/libb.so': NEEDS, 'p/libstdc++.so.6': OWN },
    true,
  ],
];

for (const [what, runtime, files, isFound] of COPIES) {
  test(`a libstdc++ of one's own: ${what}`, () => {
    const found = judge(files, { platform: platformOf(runtime) }).filter(
      ({ code }) => code === 'GLIBCXX_TOO_NEW',
    );
    assert.is(found.length, isFound ? 0 : 1);
    if (found[0]?.code === 'GLIBCXX_TOO_NEW') assert.match(found[0].own ?? '', CXX);
  });
}

test('an older build that loads takes the place of one that does not', () => {
  const findings = judge(
    {
      'node_modules/p/prebuilds/linux-x64/a.musl.node': { needed: ['libc.musl-x86_64.so.1'] },
      'node_modules/p/liba-debian-openssl-3.0.x.so.node': needing('libc.so.6', 'GLIBC_2.40'),
      'node_modules/p/liba-rhel-openssl-1.0.x.so.node': { needed: ['libc.so.6'] },
    },
    { platform: platformOf('nodejs24.x') },
  );
  assert.equal(
    findings.map(({ code, level }) => [code, level]),
    [
      ['GLIBC_TOO_NEW', 'warning'],
      ['LIBC_MISMATCH', 'info'],
    ],
  );
});

test('a build for another ABI of Node.js takes its place as well', () => {
  const dir = 'node_modules/zeromq/build/linux/x64/node';
  const findings = judge(
    {
      [`${dir}/glibc-115-Release/addon.node`]: needing('libc.so.6', 'GLIBC_2.38'),
      [`${dir}/glibc-127-Release/addon.node`]: needing('libc.so.6', 'GLIBC_2.25'),
    },
    { platform: platformOf('nodejs24.x') },
  );
  assert.equal(
    findings.map(({ code, level }) => [code, level]),
    [['GLIBC_TOO_NEW', 'warning']],
  );
});

test('symbol versions are compared by their numbers', () => {
  assert.ok(compareVersions('2.9', '2.28') < 0 && compareVersions('3.4', '3.4.0') === 0);
  assert.equal(parseSymbolVersion('ZLIB_1.2.7.1'), { kind: 'ZLIB', number: '1.2.7.1' });
  assert.is(newestOf('GLIBC', ['GLIBC_2.9', 'GLIBCXX_3.4', 'GLIBC_2.17']), '2.17');
  assert.is(newestOf('GLIBC', ['GLIBCXX_3.4']), null);
});

test.run();
