import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findLicenses, readLicense } from '../../src/layers/find-licenses.ts';
import { findUnits } from '../../src/layers/find-units.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';

const never = new AbortController().signal;

test('a package.json names its licence', () => {
  assert.is(readLicense('{"license":"MIT"}'), 'MIT');
  assert.is(readLicense('\n {"license":"(MIT OR Apache-2.0)"}'), '(MIT OR Apache-2.0)');
  for (const text of ['{}', '{"license":""}', '{"license":{"type":"MIT"}}', '{broken'])
    assert.is(readLicense(text), null, text);
});

test('so does the METADATA of a Python distribution, in its head', () => {
  assert.is(
    readLicense('Metadata-Version: 2.4\nName: x\nLicense-Expression: BSD-3-Clause\n\nLicense: no'),
    'BSD-3-Clause',
  );
  assert.is(readLicense('Name: x\r\nLicense: Apache 2.0\r\n\r\nText'), 'Apache 2.0');
  assert.is(readLicense('Name: x\n\nLicense: MIT'), null);
  const long = readLicense(`Name: x\nLicense: ${'Copyright '.repeat(20)}\n        all of it\n\n`);
  assert.is(long?.length, 60);
});

test('each unit has the licences of all that is in it', () =>
  withTempDir(async dir => {
    const zip = join(dir, 'a.zip');
    await writeFile(
      zip,
      zipOf({
        'package.json': '{"license":"UNLICENSED"}',
        'node_modules/a/package.json': '{"license":"MIT"}',
        'node_modules/a/node_modules/@s/b/package.json': '{"license":"ISC"}',
        'node_modules/a/templates/package.json': '{"license":"GPL-3.0"}',
        'node_modules/c/package.json': '{"name":"c"}',
      }),
    );
    const { entries } = await readZipDirectory(zip);
    const request = { entries, language: 'nodejs', isModel: () => false, distributions: new Map() } as const;
    const licenses = await findLicenses(zip, findUnits(request), never);
    assert.equal([...licenses], [['a', ['MIT', 'ISC']]]);
  }));

test.run();
