import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareVersions, fitsSpecifiers } from '../../src/python/versions.ts';

test('versions are ordered as PEP 440 says', () => {
  const ordered = [
    'nonsense',
    '1.0.dev1',
    '1.0a1.dev2',
    '1.0a1',
    '1.0b2',
    '1.0rc1',
    '1.0',
    '1.0.post1',
    '1.1.dev1',
    '1.2.3',
    '1.10',
    '1!0.1',
  ];
  assert.equal([...ordered].reverse().sort(compareVersions), ordered);
  assert.is(compareVersions('1.0', '1.0.0+cpu'), 0);
});

const cases: readonly (readonly [version: string, specifiers: string, fits: boolean])[] = [
  ['3.12.0', '>=3.9,<4', true],
  ['3.12.0', '>=3.9, !=3.12.*', false],
  ['2.2', '~=2.0', true],
  ['3.0', '~=2.0', false],
  ['2.0.9', '~=2.0.1', true],
  ['2.1', '~=2.0.1', false],
  ['1.0', '==1.0.0', true],
  ['1.0', '===1.0.0', false],
  ['1.5', '==1.*', true],
  ['1.5', '', true],
  ['1.5', '>1.5', false],
  ['1.5', '<=1.5', true],
];

for (const [version, specifiers, expected] of cases)
  test(`${version} and ${specifiers || 'no specifier'}`, () =>
    assert.is(fitsSpecifiers(version, specifiers), expected));

test('what is no specifier is refused', () => {
  assert.throws(() => fitsSpecifiers('1.0', 'latest'), /"latest"/);
});

test.run();
