import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { measureFolder } from '../../src/cold-start/measure-folder.ts';
import { withProject } from '../helpers/project.ts';

test('files in all folders count, links and folders do not', () =>
  withProject({ 'a/b/c': 'xyz', d: '12', 'a/link': '-> b/c', 'a/up': '-> ..' }, async dir => {
    assert.is(await measureFolder(dir), 5);
  }));

test.run();
