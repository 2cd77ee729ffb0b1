import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planSources } from '../../src/bytecode/plan-sources.ts';
import { parsePreset } from '../../src/presets/parse-preset.ts';
import type { Entry, Origin, PackageInstance } from '../../src/types.ts';
import { toArtifactPath } from '../../src/util/path.ts';
import { entryOf } from '../helpers/results.ts';

const OWN: Origin = { kind: 'entry', inputs: [] };
const PACKAGE: Origin = { kind: 'package', package: 'p@1', parents: [] };
const source = (path: string, origin: Origin = PACKAGE): Entry => entryOf(path, 10, origin);
const ofPackage = (name: string, owns: readonly string[]): PackageInstance => ({
  ecosystem: 'pypi',
  name,
  version: '1.0',
  dir: '',
  owns,
});

function plan(
  entries: readonly Entry[],
  packages: readonly PackageInstance[] = [],
  rules: { keep?: readonly string[]; presets?: readonly object[] } = {},
) {
  const presets = (rules.presets ?? []).map(data => ({
    ...parsePreset(JSON.stringify(data), 'p.json'),
    name: 'p',
    file: 'p.json',
    user: true,
  }));
  const library = { presets, alwaysKeep: [] };
  const { groups, needed } = planSources(
    { entries, packages, removals: [] },
    { library, keep: rules.keep ?? [] },
  );
  return {
    groups: groups.map(group => group.map(({ path }) => path as string)),
    needed: [...needed] as string[],
  };
}

test('sources are grouped by their package, and what is empty or no module is none', () => {
  const entries = [
    source('app.py', OWN),
    source('a/__init__.py'),
    source('a/b.py'),
    entryOf('a/empty.py', 0, PACKAGE),
    source('a/data.txt'),
    source('a/x.tmpl.py'),
    source('a/m.pyc'),
    source('six.py'),
  ];
  const packages = [ofPackage('a', ['a/__init__.py', 'a/b.py', 'a/empty.py']), ofPackage('six', ['six.py'])];
  assert.equal(plan(entries, packages), {
    groups: [['a/__init__.py', 'a/b.py'], ['six.py'], ['app.py']],
    needed: [],
  });
});

test('a source stays where no import by name would find its bytecode, or somebody wants it', () => {
  const link: Entry = {
    kind: 'link',
    path: toArtifactPath('b/twin.py'),
    target: '../a/linked.py',
    origin: PACKAGE,
  };
  const entries = [
    source('my-handler.py', OWN),
    source('a/hook-numpy.py'),
    source('a/1st.py'),
    source('data-files/x.py'),
    source('a/kept.py'),
    source('a/linked.py'),
    source('a/größe.py'),
    source('a/lambda.py'),
    source('plugins/x.py', { kind: 'include', pattern: 'plugins/**' }),
    link,
  ];
  assert.equal(plan(entries, [], { keep: ['a/kept.py'] }).needed, [
    'my-handler.py',
    'a/hook-numpy.py',
    'a/1st.py',
    'data-files/x.py',
    'a/kept.py',
    'a/linked.py',
    'plugins/x.py',
  ]);
});

test('a preset keeps the sources of its package, all or some, and then those of the user', () => {
  const entries = [source('app.py', OWN), source('t/a.py'), source('t/b.py'), source('u.py')];
  const packages = [ofPackage('t', ['t/a.py', 't/b.py']), ofPackage('u', ['u.py'])];
  const preset = (keep: unknown) => ({
    package: 't',
    ecosystem: 'pypi',
    sources: { keep, why: 'its compiler reads sources' },
  });
  assert.equal(plan(entries, packages, { presets: [preset(true)] }).needed, ['app.py', 't/a.py', 't/b.py']);
  assert.equal(plan(entries, packages, { presets: [preset(['t/b.py'])] }).needed, ['app.py', 't/b.py']);
  assert.equal(plan(entries, [], { presets: [preset(true)] }).needed, []);
});

test.run();
