import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPresets } from '../src/presets/load.ts';
import { matchGlobs } from '../src/presets/match-glob.ts';
import { isKind, packagesOf } from '../src/presets/presets-for.ts';
import { orNull } from '../src/util/fs.ts';
import { formatFolders, PYPI_FIXTURES, prunePypiFixture, readPypiFixtures } from './prune/pypi-fixture.ts';

const library = await loadPresets();
const presets = library.presets.filter(({ ecosystem }) => ecosystem === 'pypi');
const fixtures = await readPypiFixtures();

for (const fixture of fixtures) {
  const label = `${fixture.name} ${fixture.version} for ${fixture.platform.arch}`;
  test(`${label} is pruned as recorded`, async () => {
    const plan = formatFolders(prunePypiFixture(fixture, library));
    const file = join(fixture.dir, 'expected.txt');
    if (process.env.UPDATE_FIXTURES === '1') await writeFile(file, plan);
    assert.fixture(plan, (await orNull(readFile(file, 'utf8'))) ?? '');
  });

  test(`${label}: what is imported stays, save where a rule was shown to be right`, () => {
    const { tree } = prunePypiFixture(fixture, library, { level: 'bold' });
    const overTrace = presets.flatMap(({ name, rules }) =>
      rules.filter(rule => rule.overTrace).map(({ id }) => `${name}/${id}`),
    );
    const traced = new Set(
      fixture.tree.entries.flatMap(({ path, origin }) => (origin.kind === 'traced' ? path : [])),
    );
    const wrong = tree.removals.filter(
      ({ path, rule }) => traced.has(path as never) && !overTrace.includes(rule.id),
    );
    assert.equal(wrong, []);
  });

  test(`${label} keeps its licences and what importlib.metadata asks for`, () => {
    const isSacred = matchGlobs(library.alwaysKeep.map(({ glob }) => glob));
    const { tree } = prunePypiFixture(fixture, library, { level: 'bold' });
    const whole = presets.flatMap(({ name, rules }) =>
      rules.filter(rule => rule.whole).map(({ id }) => `${name}/${id}`),
    );
    assert.equal(
      tree.removals.flatMap(({ path, rule }) => (isSacred(path) && !whole.includes(rule.id) ? path : [])),
      [],
    );
  });
}

test('every preset is for a distribution that is recorded, and has a smoke test', () => {
  for (const preset of presets.filter(candidate => !isKind(candidate))) {
    for (const name of packagesOf(preset))
      assert.ok(
        fixtures.some(fixture => fixture.name === name),
        `no fixture for ${name}`,
      );
    assert.ok(existsSync(join(PYPI_FIXTURES, preset.name, 'smoke.py')), `${preset.name} has no smoke test`);
  }
});

// Kinds of files are in test/prune/any-distribution.test.ts: hardly a wheel brings stale bytecode.
test('every rule takes something from some recorded distribution', () => {
  const acted = new Set(
    fixtures.flatMap(fixture =>
      prunePypiFixture(fixture, library, { level: 'bold' }).tree.removals.map(({ rule }) => rule.id),
    ),
  );
  const ids = presets
    .filter(preset => !isKind(preset))
    .flatMap(({ name, rules }) => rules.map(({ id }) => `${name}/${id}`));
  assert.equal(
    ids.filter(id => !acted.has(id)),
    [],
  );
});

test.run();
