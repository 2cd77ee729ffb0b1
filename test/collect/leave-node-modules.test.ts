import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collect } from '../../src/collect/collect.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { answerOf } from '../helpers/answer.ts';
import { makeContext, makeFunction, withProject } from '../helpers/project.ts';

test('a function inside node_modules is built like any other, and its files are its own', () =>
  withProject(
    {
      'node_modules/tool/fn/package.json': JSON.stringify({ name: 'fn', type: 'module' }),
      'node_modules/tool/fn/index.mjs': `import { readFileSync } from 'node:fs'; import { twice } from './lib/twice.mjs'; export const handler = async () => [twice(21), readFileSync(new URL('./data.txt', import.meta.url), 'utf8')];`,
      'node_modules/tool/fn/lib/twice.mjs': 'export const twice = n => n * 2;',
      'node_modules/tool/fn/data.txt': 'own data',
    },
    dir =>
      withTempDir(async workDir => {
        const hints = () => ({ external: null, bundle: false, unusedDependencies: [], install: null });
        const result = await collect(
          makeFunction(`${dir}/node_modules/tool/fn`),
          hints,
          makeContext(workDir),
        );
        assert.equal(
          result.tree.entries.map(({ path }) => path),
          ['data.txt', 'index.mjs'],
        );
        assert.equal(await answerOf(result), [42, 'own data']);
      }),
  ));

test.run();
