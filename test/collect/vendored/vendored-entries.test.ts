import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type VendoredEntries, vendoredEntries } from '../../../src/collect/vendored/vendored-entries.ts';
import { generatedEntry } from '../../../src/util/generated-entry.ts';
import { readElfFixture } from '../../helpers/elf-fixtures.ts';
import { CONTAINER, type Files, withProject } from '../../helpers/project.ts';
import { rejects } from '../../helpers/rejects.ts';

/** Needs libc.so.6, which stands for a library that Lambda lacks. */
const MODULE = readElfFixture('libtiny.so.1');
const LIBRARIES: Files = {
  absent: '',
  taken: 'libc.so.6\tlibc6\t2.36-9\nlibother.so.1\t\t\n',
  'lib/libc.so.6': MODULE,
  'lib/libother.so.1': MODULE,
  'lib/licences/libc6/copyright': 'GPL',
};

/** What comes of a folder of libraries for an artifact with these files. */
function vendored(
  files: Files,
  wanted: true | readonly string[],
  libraries: Files = LIBRARIES,
): Promise<VendoredEntries> {
  return withProject(libraries, dir => {
    const entries = Object.entries(files).map(([path, content]) =>
      generatedEntry(path, Buffer.from(content), 'test'),
    );
    const options = { ...CONTAINER, vendorLibraries: wanted };
    return vendoredEntries(dir, entries, { name: 'image:1', options });
  });
}

const pathsOf = ({ entries }: VendoredEntries): readonly string[] => entries.map(({ path }) => path);

test('what native files need goes to lib/, with its licence and who needs it', async () => {
  const made = await vendored({ 'a/module.node': MODULE }, true);
  assert.equal(pathsOf(made), ['lib/libc.so.6', 'lib/licences/libc6/copyright']);
  const [library] = made.entries;
  // It needs itself, as it is a copy of the module.
  assert.equal(library?.origin, {
    kind: 'package',
    package: 'libc6@2.36-9',
    parents: ['a/module.node', 'lib/libc.so.6'],
  });
  assert.equal(
    made.findings.map(({ code, level }) => [code, level]),
    [['LIBRARIES_VENDORED', 'info']],
  );
});

test('what nothing needs stays out', async () => {
  assert.equal(await vendored({ 'a/readme.txt': 'text' }, true), { entries: [], findings: [] });
});

test('what is asked for by name goes in although nothing needs it, and what it needs; without a licence that is told', async () => {
  const made = await vendored({}, ['libother.so.1']);
  assert.equal(pathsOf(made), ['lib/libc.so.6', 'lib/libother.so.1', 'lib/licences/libc6/copyright']);
  const [finding] = made.findings;
  assert.ok(finding?.code === 'LIBRARIES_VENDORED');
  assert.equal([finding.level, finding.unlicensed], ['warning', ['libother.so.1']]);
});

test('a library that the user brings is left as it is', async () => {
  const made = await vendored({ 'a/module.node': MODULE, 'lib/libc.so.6': MODULE }, true);
  assert.equal(made, { entries: [], findings: [] });
});

test('a name that the image does not have is an error', async () => {
  const error = await rejects(
    vendored({}, ['libx.so.1'], { ...LIBRARIES, absent: 'libx.so.1\n' }),
    'CONTAINER_LIBRARY_ABSENT',
  );
  assert.match(error.message, 'libx.so.1');
});

test.run();
