import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../../src/util/fs.ts';
import { invokeCode, invokeFiles } from '../../helpers/invoke.ts';
import { type Files, writeFiles } from '../../helpers/project.ts';

const MODULE = JSON.stringify({
  type: 'module',
  exports: { '.': { import: './esm.js', require: './cjs.cjs' } },
});

/** A layer with a package that is one thing for `import` and another for `require`. */
const packageIn = (folder: string, word: string): Files => ({
  [`${folder}/both/package.json`]: MODULE,
  [`${folder}/both/esm.js`]: `export default 'import of ${word}';`,
  [`${folder}/both/cjs.cjs`]: `module.exports = 'require of ${word}';`,
  [`${folder}/both/deep/file.js`]: `export default 'deep';`,
});

const READ = `
  import { createRequire } from 'node:module';
  import both from 'both';
  export const handler = async () => [both, createRequire(import.meta.url)('both')];`;

function withLayers<T>(
  layers: readonly Files[],
  use: (folders: readonly string[]) => Promise<T>,
): Promise<T> {
  return withTempDir(async dir => {
    const folders = layers.map((_, at) => join(dir, `layer-${at}`));
    for (const [at, files] of layers.entries()) await writeFiles(folders[at] as string, files);
    return use(folders);
  });
}

test('a package of a layer is found by import and by require, each in its own form', () =>
  withLayers([packageIn('nodejs/node_modules', 'a layer')], async layers => {
    const { answer, error } = await invokeCode(READ, { layers });
    assert.equal([answer, error], [['import of a layer', 'require of a layer'], null]);
  }));

test('the folder of the major comes first, later layers cover earlier ones, and the own package wins over all', () =>
  withLayers(
    [
      {
        ...packageIn('nodejs/node_modules', 'the first'),
        ...packageIn('nodejs/node22/node_modules', 'major 22'),
      },
      packageIn('nodejs/node_modules', 'the second'),
    ],
    async layers => {
      assert.is(((await invokeCode(READ, { layers })).answer as string[])[0], 'import of the second');
      const old = await invokeCode(READ, { layers, runtime: 'nodejs22.x' });
      assert.equal(old.answer, ['import of major 22', 'require of major 22']);
      const own = { 'index.mjs': READ, ...packageIn('node_modules', 'its own') };
      assert.equal((await invokeFiles(own, { layers })).answer, ['import of its own', 'require of its own']);
    },
  ));

test('a package of a layer may import others of it, by a path too, and one that is nowhere is told as ever', () =>
  withLayers(
    [
      {
        'nodejs/node_modules/outer/index.mjs': `export { default } from 'inner/file.js'; export const from = import.meta.url;`,
        'nodejs/node_modules/outer/package.json': JSON.stringify({ exports: './index.mjs' }),
        'nodejs/node_modules/inner/file.js': `module.exports = 'inner';`,
        'nodejs/node_modules/lib.js': `exports.handler = async () => 'in a layer';`,
      },
    ],
    async layers => {
      const code = `import inner from 'outer'; export const handler = async () => inner;`;
      assert.is((await invokeCode(code, { layers })).answer, 'inner');
      const dynamic = `export const handler = async () => (await import('outer')).default;`;
      assert.is((await invokeCode(dynamic, { layers })).answer, 'inner');
      const { error } = await invokeCode(`import 'nowhere';`, { layers });
      assert.match(error?.errorMessage ?? '', /^Cannot find package 'nowhere' imported from .*index\.mjs$/);
      assert.is(
        (await invokeFiles({ 'a.txt': '' }, { layers, handler: 'lib.handler' })).answer,
        'in a layer',
      );
    },
  ));

test('the packages of the runtime are found behind those of layers', () =>
  withLayers(
    [{ 'both/package.json': MODULE, 'both/esm.js': `export default 'of the runtime';` }],
    async ([folder]) => {
      const code = `import both from 'both'; export const handler = async () => both;`;
      assert.is((await invokeCode(code, { runtimePackages: folder as string })).answer, 'of the runtime');
    },
  ));

test.run();
