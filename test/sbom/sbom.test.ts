import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listMissing, makeNotices } from '../../src/sbom/make-notices.ts';
import { makeSbom } from '../../src/sbom/make-sbom.ts';
import { readParties } from '../../src/sbom/read-parties.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const { signal } = new AbortController();
const OPTIONS = { version: '1.0.0', epoch: undefined };

const npm = (name: string, license: unknown, more: object = {}): string =>
  JSON.stringify({ name, version: '1.0.0', license, ...more });

const FILES = {
  'index.mjs': 'code',
  'THIRD-PARTY-LICENCES.txt': `Licences of the packages inside index.mjs\n\nin@1.0.0\n\nBundled text\n`,
  'node_modules/a/package.json': npm('a', 'MIT', { dependencies: { '@s/b': '*' } }),
  'node_modules/a/LICENSE': 'Text of MIT\r\n',
  'node_modules/a/license.js': 'not a text',
  'node_modules/@s/b/package.json': npm('@s/b', '(MIT OR Apache-2.0)'),
  'node_modules/@s/b/LICENSE.md': 'Text of MIT',
  'node_modules/x/package.json': npm('x', 'See the web page'),
  'six.py': 'code',
  'six-1.0.dist-info/METADATA': 'Name: six\nVersion: 1.0\nLicense: MIT\n\n',
  'six-1.0.dist-info/RECORD': 'six.py,,\nsix-1.0.dist-info/licenses/LICENSE,,\n',
  'six-1.0.dist-info/licenses/LICENSE': 'Text of six',
};

async function withZip(
  use: (path: string) => Promise<void>,
  files: Readonly<Record<string, string>> = FILES,
): Promise<void> {
  await withProject({}, async dir => {
    const path = join(dir, 'function.zip');
    await writeFile(path, plainZip(files));
    const bundled = { name: 'in', version: '1.0.0', bytes: 2, requires: [], license: 'ISC' };
    const entries = [{ path: 'index.mjs', origin: { kind: 'entry', inputs: [], packages: [bundled] } }];
    await writeFile(join(dir, 'function.manifest.json'), JSON.stringify({ name: 'api', entries }));
    await use(path);
  });
}

interface Sbom {
  readonly metadata: { readonly timestamp?: string; readonly component: { readonly hashes: object[] } };
  readonly components: readonly {
    readonly purl: string;
    readonly hashes?: object[];
    readonly licenses: readonly object[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

test('an SBOM names npm and PyPI packages, bundled ones too, with purl, licence, digest and who asks for whom', () =>
  withZip(async path => {
    const bom: Sbom = JSON.parse(await makeSbom(await readParties(path, signal), OPTIONS));
    const purls = bom.components.map(({ purl }) => purl);
    assert.equal([...purls].sort(), [
      'pkg:npm/%40s/b@1.0.0',
      'pkg:npm/a@1.0.0',
      'pkg:npm/in@1.0.0',
      'pkg:npm/x@1.0.0',
      'pkg:pypi/six@1.0',
    ]);
    const licenses = Object.fromEntries(bom.components.map(({ purl, licenses }) => [purl, licenses[0]]));
    assert.equal(licenses['pkg:npm/a@1.0.0'], { license: { id: 'MIT' } });
    assert.equal(licenses['pkg:npm/%40s/b@1.0.0'], { expression: '(MIT OR Apache-2.0)' });
    assert.equal(licenses['pkg:npm/x@1.0.0'], { license: { name: 'See the web page' } });
    const withHash = bom.components.filter(({ hashes }) => hashes?.length === 1).map(({ purl }) => purl);
    assert.equal(
      purls.filter(purl => !withHash.includes(purl)),
      ['pkg:npm/in@1.0.0'],
    );
    assert.is(bom.metadata.component.hashes.length, 1);
    const edges = Object.fromEntries(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    assert.equal(edges['pkg:npm/a@1.0.0'], ['pkg:npm/%40s/b@1.0.0']);
    assert.not((edges['function:api'] ?? []).includes('pkg:npm/%40s/b@1.0.0'));
  }));

test('the same artifact gives the same SBOM, without a time unless SOURCE_DATE_EPOCH gives one; another byte, another digest', () =>
  withZip(async path => {
    const first = await makeSbom(await readParties(path, signal), OPTIONS);
    assert.is(await makeSbom(await readParties(path, signal), OPTIONS), first);
    assert.not.match(first, /timestamp|serialNumber|urn:uuid/);
    const timed: Sbom = JSON.parse(
      await makeSbom(await readParties(path, signal), { ...OPTIONS, epoch: '0' }),
    );
    assert.is(timed.metadata.timestamp, '1970-01-01T00:00:00.000Z');
    await rejects(makeSbom(await readParties(path, signal), { ...OPTIONS, epoch: '1e3' }), 'SBOM_TIME');
    await writeFile(path, plainZip({ ...FILES, 'node_modules/x/new.js': '1' }));
    const hashOf = (text: string, purl: string): unknown =>
      (JSON.parse(text) as Sbom).components.find(each => each.purl === purl)?.hashes;
    const second = await makeSbom(await readParties(path, signal), OPTIONS);
    assert.not.equal(hashOf(second, 'pkg:npm/x@1.0.0'), hashOf(first, 'pkg:npm/x@1.0.0'));
    assert.equal(hashOf(second, 'pkg:npm/a@1.0.0'), hashOf(first, 'pkg:npm/a@1.0.0'));
  }));

test('notices have each text once with its packages, and name those without one', () =>
  withZip(async path => {
    const parties = await readParties(path, signal);
    const text = makeNotices(parties);
    assert.is(text.split('Text of MIT').length, 2);
    assert.match(text, '@s/b@1.0.0 ((MIT OR Apache-2.0))\na@1.0.0 (MIT)\n\nText of MIT\n');
    assert.match(text, 'in@1.0.0 (ISC)\n\nBundled text\n');
    assert.match(text, 'six@1.0 (MIT)\n\nText of six\n');
    assert.not.match(text, 'not a text');
    assert.equal(listMissing(parties.parties), ['x@1.0.0 (See the web page)']);
    assert.is(makeNotices(await readParties(path, signal)), text);
  }));

test('a package that another one brings inside of it has its files and its licence for itself', () =>
  withZip(
    async path => {
      const { parties } = await readParties(path, signal);
      assert.equal(
        parties.map(({ name, texts }) => [name, texts]),
        [
          ['outer', ['Outer text']],
          ['vendored', ['Vendored text']],
        ],
      );
    },
    {
      'outer-1.0.dist-info/METADATA': 'Name: outer\nVersion: 1.0\n\n',
      'outer-1.0.dist-info/LICENSE': 'Outer text',
      'outer-1.0.dist-info/RECORD':
        'outer-1.0.dist-info/LICENSE,,\nouter/_vendor/v.py,,\nouter/_vendor/vendored-2.dist-info/LICENSE,,\n',
      'outer/_vendor/v.py': 'x',
      'outer/_vendor/vendored-2.dist-info/METADATA': 'Name: vendored\nVersion: 2\n\n',
      'outer/_vendor/vendored-2.dist-info/LICENSE': 'Vendored text',
      'outer/_vendor/vendored-2.dist-info/RECORD': 'v.py,,\nvendored-2.dist-info/LICENSE,,\n',
    },
  ));

test('an artifact without packages has an empty SBOM and says so', () =>
  withZip(
    async path => {
      const parties = await readParties(path, signal);
      assert.equal(parties.parties, []);
      assert.match(makeNotices(parties), 'None was found.');
      assert.equal(JSON.parse(await makeSbom(parties, OPTIONS)).components, []);
    },
    { 'app.py': 'x' },
  ));

test.run();
