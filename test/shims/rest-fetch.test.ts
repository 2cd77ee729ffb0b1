import { chmod, copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DATA_CASE as CASE,
  type Laboratory,
  DATA_VALUE as VALUE,
  withLaboratory,
} from './rest-laboratory.ts';

const inLaboratory = (use: (laboratory: Laboratory) => Promise<void>) => (): Promise<void> =>
  withLaboratory(process.execPath, CASE, use);

test(
  'nothing configured, and nonsense configured, is said',
  inLaboratory(async ({ run }) => {
    assert.match((await run({ LAMBDA_SLIM_REST: '' })).error.message, /LAMBDA_SLIM_REST is not set/);
    for (const nonsense of [
      'http://localhost/a',
      'file:///a',
      'ftp://TOPSECRET',
      'relative/folder',
      's3:/x',
    ]) {
      const { error } = await run({ LAMBDA_SLIM_REST: nonsense });
      assert.match(error.message, /LAMBDA_SLIM_REST is neither/, nonsense);
      assert.not.match(error.message, /TOPSECRET/);
    }
    assert.match((await run({ LAMBDA_SLIM_REST: '/nowhere' })).error.message, /it is not in \/nowhere/);
    assert.match((await run({ LAMBDA_SLIM_REST: 's3://bucket' })).error.message, /is not s3:\/\/bucket\/key/);
  }),
);

test(
  'a folder of another build is refused',
  inLaboratory(async ({ run, layer }) => {
    await writeFile(join(layer, 'data/1.bin'), Buffer.alloc(9000));
    assert.match((await run()).error.message, /is damaged, or belongs to another build/);
    await writeFile(join(layer, 'data/1.bin'), 'short');
    assert.match((await run()).error.message, /belongs to another build/);
  }),
);

test(
  'the unpacked zip is as good as the layer',
  inLaboratory(async ({ run, layer }) =>
    assert.equal((await run({ LAMBDA_SLIM_REST: join(layer, '..') })).value, VALUE),
  ),
);

test('a function that clears /tmp gets its files again', () =>
  withLaboratory(
    process.execPath,
    {
      files: {
        'index.mjs': `import fs from 'node:fs'; const read = () => fs.readFileSync('data.txt', 'utf8');
          export const handler = async () => { const first = read(); fs.rmSync(process.env.TMPDIR + '/lambda-slim', { recursive: true }); return [first, read()]; };`,
        'data.txt': 'data',
      },
      out: path => path === 'data.txt',
    },
    async ({ run }) => assert.equal((await run()).value, ['data', 'data']),
  ));

test('a file that somebody put back into the artifact is taken from there', () =>
  withLaboratory(
    process.execPath,
    {
      files: {
        'index.mjs': `import fs from 'node:fs'; export const handler = async () => [fs.readFileSync('data.txt', 'utf8'), (await import('./m.mjs')).m];`,
        'data.txt': 'data',
        'm.mjs': 'export const m = 1;',
      },
      out: path => path !== 'index.mjs',
    },
    async ({ run, task, layer }) => {
      for (const name of ['data.txt', 'm.mjs']) await copyFile(join(layer, name), join(task, name));
      const { value, missed } = await run({ LAMBDA_SLIM_REST: '' });
      assert.equal([value, missed], [['data', 1], []]);
    },
  ));

test(
  'processes at once get the same files',
  inLaboratory(async ({ run, tmp }) => {
    const all = await Promise.all([run(), run(), run()]);
    for (const { value } of all) assert.equal(value, VALUE);
    const files = await readdir(tmp, { recursive: true });
    assert.equal(
      files.filter(file => file.includes('partial')),
      [],
    );
  }),
);

if (process.platform === 'linux' && process.getuid?.() !== 0) {
  test(
    'a folder for temporary files that takes none is said',
    inLaboratory(async ({ run, tmp }) => {
      await chmod(tmp, 0o500);
      assert.match((await run()).error.message, /EACCES/);
    }),
  );
}

test.run();
