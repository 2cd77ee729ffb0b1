// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of presets
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import { hintsOf } from '../../src/presets/hints-of.ts';
import { loadPresets } from '../../src/presets/load.ts';
import { parsePreset } from '../../src/presets/parse-preset.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { rejects } from '../helpers/rejects.ts';
import { makePreset } from './make-tree.ts';

const RULE = { id: 'docs', remove: ['docs/**'], why: 'a reason of some length' };

/** What a preset is refused for. */
function refusal(data: Readonly<Record<string, unknown>>): string {
  try {
    parsePreset(JSON.stringify({ package: 'pkg', ecosystem: 'npm', ...data }), 'mine.json');
  } catch (error) {
    assert.instance(error, SlimError);
    assert.match((error as SlimError).message, 'mine.json');
    return (error as SlimError).message;
  }
  return '';
}

const REFUSED: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
  ['an unknown key', { ruels: [] }, /ruels/],
  ['an unknown key of a rule', { rules: [{ ...RULE, overTarce: true }] }, /rules\.0.*overTarce/],
  ['a rule without a reason', { rules: [{ ...RULE, why: ' ' }] }, /rules\.0\.why/],
  ['two rules of one id', { rules: [RULE, RULE] }, /two rules "docs"/],
  ['a folder name for every depth', { rules: [{ ...RULE, remove: ['**/docs/**'] }] }, /every depth/],
  ['a file name for every depth', { rules: [{ ...RULE, remove: ['**/docs'] }] }, /every depth/],
  ['a way out of the package', { rules: [{ ...RULE, remove: ['../docs/**'] }] }, /package root/],
  ['an absolute glob', { rules: [{ ...RULE, remove: ['/docs/**'] }] }, /package root/],
  ['a negated glob', { rules: [{ ...RULE, remove: ['!docs/**'] }] }, /package root/],
  ['a backslash', { rules: [{ ...RULE, remove: ['docs\\a'] }] }, /package root/],
  ['an unknown variable', { rules: [{ ...RULE, remove: ['${arch}/**'] }] }, /\$\{arch\}/],
  ['a range that is none', { versions: 'newest' }, /newest/],
  ['no package', { package: [] }, /package/],
  ['a kind that takes what is traced', { package: '*', rules: [{ ...RULE, overTrace: true }] }, /"docs"/],
  ['both in and out of the bundle', { external: { why: RULE.why }, bundle: { why: RULE.why } }, /bundle/],
];

for (const [name, data, pattern] of REFUSED) {
  test(`refuses ${name}`, () => assert.match(refusal(data), pattern));
}

test('refuses what is no JSON, and takes a byte order mark', () => {
  assert.throws(() => parsePreset('{', 'mine.json'), /mine\.json/);
  assert.is(parsePreset('\uFEFF{"package":"a","ecosystem":"npm"}', 'mine.json').package, 'a');
});

async function withPreset<T>(data: object, use: (path: string, dir: string) => Promise<T>): Promise<T> {
  return withTempDir(async dir => {
    const path = join(dir, 'own.json');
    await writeFile(path, JSON.stringify({ ecosystem: 'npm', ...data }));
    return use(path, dir);
  });
}

test("a user's preset replaces the built-in one of the same package", () =>
  withPreset({ package: 'sharp', rules: [RULE] }, async path => {
    const { presets } = await loadPresets({ userPaths: [path] });
    const found = presets.filter(({ name }) => name === 'sharp');
    assert.equal(
      found.map(({ user, rules }) => [user, rules.map(({ id }) => id)]),
      [[true, ['docs']]],
    );
  }));

test("a user's preset for many packages is added under the name of its file", () =>
  withPreset({ package: '*', rules: [RULE] }, async path => {
    const { presets } = await loadPresets({ userPaths: [path] });
    const names = presets.map(({ name }) => name);
    assert.ok(names.includes('own') && names.includes('any-package'));
  }));

test("a user's preset that cannot be read is an error that names it", async () => {
  const error = await rejects(loadPresets({ userPaths: ['/nowhere/own.json'] }), 'PRESET_UNREADABLE');
  assert.match(error.message, '/nowhere/own.json');
  await withTempDir(async dir => {
    await mkdir(join(dir, 'folder.json'));
    await rejects(loadPresets({ userPaths: [join(dir, 'folder.json')] }), 'PRESET_UNREADABLE');
  });
});

test('hints tell what collect has to know, and what was not looked at only for versions that were', () => {
  const preset = makePreset({
    versions: '>=2',
    external: { why: 'it loads files by path' },
    install: { scripts: false, why: 'it fetches too much' },
    unusedDependencies: [{ name: 'adm-zip', why: 'for the install script' }],
  });
  const about = (version: string) => hintsOf([preset], { name: 'pkg', version });
  assert.equal(about('2.1.0'), {
    external: 'it loads files by path',
    bundle: false,
    unusedDependencies: ['adm-zip'],
    install: { scripts: false, why: 'it fetches too much' },
  });
  assert.equal(about('1.0.0').unusedDependencies, []);
  assert.is(hintsOf([preset], { name: 'other', version: '2.0.0' }).external, null);
});

test.run();
