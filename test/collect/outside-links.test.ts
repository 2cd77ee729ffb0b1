import { mkdir } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectNode } from '../../src/collect/collect-node.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { answerOf } from '../helpers/answer.ts';
import { type Files, makeContext, makeFunction, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const APP: Files = {
  'app/package.json': JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { ext: 'file:../ext' } }),
  'app/package-lock.json': '{}',
  'app/index.mjs': `import ext from 'ext'; export const handler = async () => ext();`,
  'app/node_modules/ext': '-> ../../ext',
  'ext/package.json': JSON.stringify({ name: 'ext', version: '1.0.0', main: 'main.js' }),
};

/** Collects `app`, which has a package linked in from a folder beside it. */
function collectApp<T>(
  files: Files,
  use: (result: Awaited<ReturnType<typeof collectNode>>) => Promise<T>,
): Promise<T> {
  return withProject({ ...APP, ...files }, dir =>
    withTempDir(async workDir => {
      await mkdir(`${dir}/.git`);
      const hintsOf = () => ({ external: null, bundle: false, unusedDependencies: [], install: null });
      return use(await collectNode(makeFunction(`${dir}/app`), hintsOf, makeContext(workDir)));
    }),
  );
}

test('a pure package that is linked in from outside the project is bundled', () =>
  collectApp({ 'ext/main.js': `module.exports = () => 'linked';` }, async result => {
    assert.equal(result.findings, []);
    assert.is(await answerOf(result), 'linked');
  }));

test('data that it reads beside itself is told to be missing', () =>
  collectApp(
    {
      'ext/main.js': `module.exports = () => require('fs').readFileSync(require('path').join(__dirname, 'data.txt'), 'utf8');`,
      'ext/data.txt': 'data',
    },
    async result =>
      assert.equal(result.findings, [
        {
          code: 'OWN_CODE_BY_PATH',
          level: 'warning',
          path: '../ext/data.txt',
          reader: '../ext/main.js',
          reason: 'outside',
        },
      ]),
  ));

test('a native part of it stops the build with its name', async () => {
  const files = { 'ext/main.js': `module.exports = require('./a.node');`, 'ext/a.node': 'binary' };
  const error = await rejects(
    collectApp(files, async () => null),
    'BUNDLE_FAILED',
  );
  assert.match(error.message, '../ext/a.node');
});

test.run();
