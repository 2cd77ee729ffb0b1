import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { environmentOf, holds } from '../../src/python/markers.ts';
import { NODEJS24 } from '../helpers/project.ts';

const environment = environmentOf({ runtime: { ...NODEJS24, version: '3.12' }, arch: 'arm64' });

const cases: readonly (readonly [marker: string, holds: boolean])[] = [
  ['python_version >= "3.9"', true],
  ["python_version < '3.9'", false],
  ['python_version in "3.11 3.12"', true],
  ['python_version not in "3.11,3.12"', false],
  ['python_full_version < "3.12.4"', true],
  ['python_version == "3.*"', true],
  ['"linux" == sys_platform', true],
  ['sys.platform == "win32" or os.name == "posix" and platform_machine == "aarch64"', true],
  ['(sys_platform == "win32" or os_name == "posix") and platform_machine == "x86_64"', false],
  ['platform_python_implementation != "PyPy" and python_version>="3"', true],
  ['platform_release >= "1.0"', false],
  ['extra == "Speed_Up"', true],
  ["extra == 'other' and python_version > '3'", false],
  ["extra != 'other'", true],
];

for (const [marker, expected] of cases)
  test(marker, () => assert.is(holds(marker, environment, ['speed-up']), expected));

test('what is no marker is refused', () => {
  for (const marker of [
    'python_version',
    'a == "b"',
    '(os_name == "posix"',
    'os_name == "x" y',
    'os_name ? "x"',
    '',
  ])
    assert.throws(
      () => holds(marker, environment),
      (error: unknown) => error instanceof SyntaxError,
      marker,
    );
});

test.run();
