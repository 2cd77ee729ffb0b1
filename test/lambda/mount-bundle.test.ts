import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../src/util/fs.ts';
import { HOST_ARCH, invokeArtifact, keepHostNode } from '../helpers/invoke.ts';
import { makeBundle, writeObjects } from '../helpers/sync-store.ts';
import { listKinds } from './sandbox/hosts.ts';

const CODE = `import { readFileSync, writeFileSync } from 'node:fs';
export const handler = async () => {
  writeFileSync('/mnt/ml/mine.txt', 'mine');
  return [readFileSync(process.env.MODEL, 'utf8'), readFileSync('/mnt/ml/mine.txt', 'utf8')];
};`;

if ((await listKinds()).some(({ isolated }) => isolated))
  test('the bundle beside a function is mounted as a file system that is its own, without advice about it', () =>
    withTempDir(async dir => {
      await writeObjects(join(dir, 'function.bundle'), await makeBundle({ 'model.txt': 'weights' }));
      await mkdir(join(dir, 'function'));
      await writeFile(join(dir, 'function/index.mjs'), CODE);
      const efs = {
        store: '/mnt/ml/classify',
        environment: { MODEL: '{root}/model.txt' },
        bundle: { folder: 'function.bundle' },
      };
      const manifest = { schema: 1, handler: 'index.handler', arch: HOST_ARCH, efs };
      await writeFile(join(dir, 'function.manifest.json'), JSON.stringify(manifest));
      const cacheDir = await keepHostNode(join(dir, 'cache'));
      const work = join(dir, 'room');
      await mkdir(work);
      const { answer, error, log } = await invokeArtifact(join(dir, 'function'), work, {
        ...{ cacheDir, isolation: 'auto' },
      });
      assert.is(error, null, log);
      assert.equal(answer, ['weights', 'mine']);
      assert.not.match(log, /chown/);
    }));

test.run();
