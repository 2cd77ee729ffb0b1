import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { looksLikePython } from '../../src/lambda/looks-like-python.ts';
import { type Files, withProject } from '../helpers/project.ts';

const cases: readonly (readonly [files: Files, handler: string | undefined, expected: boolean])[] = [
  [{ 'app.py': '' }, 'app.handler', true],
  [{ 'app.pyc': '' }, 'app.handler', true],
  [{ 'lib/app.pyc': '' }, 'lib/app.handler', true],
  [{ 'app.py': '', 'app.mjs': '' }, 'app.handler', false],
  [{ 'other.py': '' }, 'app.handler', false],
  [{ 'app.pyc': '' }, undefined, true],
  [{ 'index.mjs': '', 'tool.py': '' }, undefined, false],
  [{ 'lambda_function.pyc': '', 'tool.js': '' }, undefined, true],
];

for (const [files, handler, expected] of cases) {
  test(`${Object.keys(files).join(', ')} with the handler ${handler}`, () =>
    withProject(files, async dir => assert.is(await looksLikePython(dir, handler), expected)));
}

test.run();
