import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectPython } from '../src/collect/python/collect-python.ts';
import { formatListing } from '../src/presets/listing.ts';
import { loadPresets } from '../src/presets/load.ts';
import { packagesOf } from '../src/presets/presets-for.ts';
import { ARCHS, type Arch } from '../src/types.ts';
import { orNull } from '../src/util/fs.ts';
import { makeContext, withProject } from '../test/helpers/project.ts';
import { makePythonFunction, pythonPlatform } from '../test/helpers/python-project.ts';
import { PYPI_FIXTURES } from '../test/prune/pypi-fixture.ts';

/**
 * Records what wheels bring, and what of it the smoke test that lies there and code outside of tests import, for test/presets-pypi.test.ts:
 * `node .build/bench/record-pypi.js numpy==2.4.6 [3.12] [x64]`. Distributions that come with it are recorded where a preset is for them.
 */
const [requirement = '', version = '3.12', arch = 'x64'] = process.argv.slice(2);
const isArch = (text: string): text is Arch => ARCHS.some(known => known === text);
if (requirement === '' || !isArch(arch))
  throw new Error('usage: record-pypi <requirement> [3.12] [x64|arm64]');

const { presets } = await loadPresets();
const name = requirement.replace(/[^\w.-].*$/, '').toLowerCase();
const preset = presets.find(each => each.ecosystem === 'pypi' && packagesOf(each).includes(name));
const smoke =
  (await orNull(readFile(join(PYPI_FIXTURES, preset?.name ?? name, 'smoke.py'), 'utf8'))) ??
  `import ${name.replaceAll('-', '_')}`;
const files = {
  'app.py': `${smoke}\ndef handler(event, context): pass\n`,
  'requirements.txt': `${requirement}\n`,
};

await withProject(files, async dir => {
  const work = join(dir, '.work');
  await mkdir(work);
  const fn = makePythonFunction(dir, { platform: pythonPlatform(version, arch) });
  const { tree } = await collectPython(fn, makeContext(work));
  const entries = new Map(tree.entries.map(entry => [entry.path as string, entry]));
  for (const each of tree.packages) {
    const isKnown = presets.some(
      known => known.ecosystem === 'pypi' && packagesOf(known).includes(each.name),
    );
    if (each.name !== name && !isKnown) continue;
    const folder = join(
      'fixtures/presets/pypi',
      each.name,
      `${each.version}${arch === 'arm64' ? '-arm64' : ''}`,
    );
    const own = (each.owns ?? []).flatMap(path => entries.get(path) ?? []);
    const listed = own.map(entry => ({ path: entry.path, bytes: entry.kind === 'file' ? entry.bytes : 0 }));
    const traced = own.flatMap(entry => (entry.origin.kind === 'traced' ? `${entry.path}\n` : []));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'tree.txt'), formatListing(listed));
    await writeFile(join(folder, 'traced.txt'), traced.join(''));
    console.log(`${folder}: ${own.length} files, ${traced.length} of them imported`);
  }
});
