import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageDirOf, packageNameOf } from '../../src/collect/package-path.ts';
import { answerOf } from '../helpers/answer.ts';
import { collected, pathsOf } from '../helpers/collect.ts';

test('the names of packages in import specifiers', () => {
  assert.is(packageNameOf('a/b.js'), 'a');
  assert.is(packageNameOf('@scope/a/b.js'), '@scope/a');
  assert.is(packageNameOf('.prisma/client/default'), '.prisma/client');
  for (const path of ['./a', '../a', '/a', '#a', '.', '.package-lock.json'])
    assert.is(packageNameOf(path), null);
  assert.is(packageDirOf('/app/node_modules/.prisma/client/index.js'), '/app/node_modules/.prisma/client');
});

const app = (...names: string[]): string =>
  JSON.stringify({
    name: 'app',
    version: '1.0.0',
    dependencies: Object.fromEntries(names.map(name => [name, '1.0.0'])),
  });
const manifest = (name: string): string => JSON.stringify({ name, version: '1.0.0', main: 'main.js' });

test("Prisma's generated client is kept whole, with the engine that it finds by listing folders", () =>
  collected(
    {
      'package.json': app('@prisma/client'),
      'index.mjs': `import client from '@prisma/client'; export const handler = async () => client();`,
      'node_modules/@prisma/client/package.json': manifest('@prisma/client'),
      'node_modules/@prisma/client/main.js': `const here = __dirname; module.exports = require('.prisma/client/index.js');`,
      'node_modules/.prisma/client/package.json': manifest('.prisma/client'),
      'node_modules/.prisma/client/index.js': `module.exports = () => require('fs').readdirSync(require('path').dirname(require.resolve('.prisma/client/package.json')));`,
      'node_modules/.prisma/client/libquery_engine-linux.so.node': 'engine',
    },
    {},
    async result =>
      assert.equal(await answerOf(result), ['index.js', 'libquery_engine-linux.so.node', 'package.json']),
  ));

test('folders of a nested node_modules that are no packages belong to the package around them', () =>
  collected(
    {
      'package.json': app('dep'),
      'index.mjs': `import dep from 'dep'; export const handler = async () => dep('x');`,
      'node_modules/dep/package.json': manifest('dep'),
      'node_modules/dep/main.js': `module.exports = name => require(__dirname + '/dist/' + ['node', 'modules'].join('_') + '/' + name);`,
      'node_modules/dep/dist/node_modules/x/index.js': `module.exports = 'x';`,
      'node_modules/dep/node_modules/own/package.json': manifest('own'),
      'node_modules/dep/node_modules/own/main.js': 'no',
    },
    {},
    async result => {
      assert.equal(
        pathsOf(result).filter(path => path.includes('/dep/') && path.split('node_modules').length > 2),
        ['node_modules/dep/dist/node_modules/x/index.js'],
      );
      assert.is(await answerOf(result), 'x');
    },
  ));

test.run();
