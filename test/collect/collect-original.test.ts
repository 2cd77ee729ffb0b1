import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectOriginal, type Original } from '../../src/collect/collect-original.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { type Files, makeContext, makeFunction, withProject } from '../helpers/project.ts';

const NO_HINTS = () => ({ external: null, bundle: false, unusedDependencies: [], install: null });

const PACKAGES: Files = {
  'package.json': '{"dependencies":{"used":"1.0.0","unused":"1.0.0"}}',
  'node_modules/used/package.json': '{"name":"used","version":"1.0.0","main":"index.js"}',
  'node_modules/used/index.js': 'module.exports = () => 1;',
  'node_modules/used/README.md': '# used',
  'node_modules/unused/package.json': '{"name":"unused","version":"1.0.0"}',
  'node_modules/development/package.json': '{"name":"development","version":"1.0.0"}',
};

async function original(
  files: Files,
  entry: string,
): Promise<Original & { readonly paths: readonly string[] }> {
  let found: Original | null = null;
  await withProject({ ...PACKAGES, ...files }, dir =>
    withTempDir(async workDir => {
      const fn = makeFunction(dir, { entry: `${dir}/${entry}`, exclude: ['data/**'] });
      found = await collectOriginal(fn, NO_HINTS, makeContext(workDir));
    }),
  );
  if (found === null) throw new Error('not collected');
  const { entries } = found as Original;
  return { ...(found as Original), paths: entries.map(({ path }) => path) };
}

test('plain JavaScript runs from its own files, with every production package whole', async () => {
  const { handler, paths } = await original(
    {
      'src/index.mjs': `import used from 'used'; import { b } from './b.mjs'; export const handler = () => used() + b;`,
      'src/b.mjs': 'export const b = 1;',
      'data/words.json': '[]',
      '.git/config': 'not deployed',
      'lambda-slim-out/function.zip': 'not deployed',
    },
    'src/index.mjs',
  );
  assert.is(handler, 'src/index.handler');
  assert.equal(paths, [
    'data/words.json',
    'node_modules/unused/package.json',
    'node_modules/used/README.md',
    'node_modules/used/index.js',
    'node_modules/used/package.json',
    'package.json',
    'src/b.mjs',
    'src/index.mjs',
  ]);
});

const COMPILED: readonly (readonly [string, string, Files])[] = [
  ['TypeScript', 'index.ts', { 'index.ts': 'export const handler = (): number => 1;' }],
  [
    'an import without its extension',
    'index.js',
    {
      'package.json': '{"type":"module"}',
      'index.js': `export { handler } from './b';`,
      'b.js': 'export const handler = () => 1;',
    },
  ],
  ['a module in a .js file that is CommonJS', 'index.js', { 'index.js': 'export const handler = () => 1;' }],
  ['a name that no setting can give', 'my.api.mjs', { 'my.api.mjs': 'export const handler = () => 1;' }],
];

for (const [what, entry, files] of COMPILED) {
  test(`${what} is compiled, packages aside`, async () => {
    const { handler, entries } = await original(files, entry);
    const stem = entry.replace(/\.\w+$/, '').replace('.', '-');
    assert.is(handler, `${stem}.handler`);
    const made = entries.filter(({ origin }) => origin.kind === 'entry');
    assert.is(made.length, 1);
    assert.match(made[0]?.path ?? '', new RegExp(`^${stem}\\.[cm]js$`));
  });
}

test.run();
