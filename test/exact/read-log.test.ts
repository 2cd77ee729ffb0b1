import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readLogs } from '../../src/exact/read-log.ts';
import { withProject } from '../helpers/project.ts';

const read = (files: Readonly<Record<string, string>>) =>
  withProject(files, async dir => {
    const { read, looked, listed } = await readLogs(dir);
    return { read: [...read], looked: [...looked], listed: [...listed] };
  });

test('paths are told from the root of the code, whatever it is called', async () => {
  assert.equal(
    await read({
      'a.log': 'T /var/task\nR /var/task/a\nF /var/task/b.js\nL /var/task/c\nD /var/task/d\nD /var/task\n',
      'b.log': 'T /private/x\nT /x\nR /x/e\nR /private/x/f\nR /xy/g\nR /else/h\n',
    }),
    { read: ['a', 'b.js', 'e', 'f'], looked: ['c'], listed: ['d', ''] },
  );
});

test('URLs, odd names and a line that was cut off', async () => {
  const log = 'T /t\nU file:///t/a%20b.mjs?x=1#y\nU file:///t/%zz\nU node:fs\nR /t/a\\nb\\\\c\nR /t/cu';
  assert.equal(await read({ 'a.log': log }), { read: ['a b.mjs', 'a\nb\\c'], looked: [], listed: [] });
});

test('nothing recorded is nothing touched', async () => {
  assert.equal(await read({}), { read: [], looked: [], listed: [] });
  assert.equal(await read({ 'a.log': '' }), { read: [], looked: [], listed: [] });
});

test.run();
