import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findEngine } from '../../src/container/find-engine.ts';
import type { EngineName } from '../../src/container/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { rejects } from '../helpers/rejects.ts';

const { signal } = new AbortController();

/** An engine whose every command says this. */
async function placeEngine(
  dir: string,
  name: EngineName,
  stdout: string,
  stderr = '',
  code = 0,
): Promise<void> {
  const script = `#!/bin/sh\necho '${stdout}'\necho '${stderr}' >&2\nexit ${code}\n`;
  await writeFile(join(dir, name), script, { mode: 0o755 });
}

const failing = (dir: string, stderr: string): Promise<void> => placeEngine(dir, 'docker', '', stderr, 1);

if (process.platform === 'linux') {
  test('no engine', () =>
    withTempDir(async dir => {
      const error = await rejects(findEngine({ env: { PATH: dir }, signal }), 'CONTAINER_ENGINE_MISSING');
      assert.match(error.message, 'none of docker, podman, finch is on the PATH');
      const one = findEngine({ env: { PATH: dir }, signal, engine: 'podman' });
      const missing = await rejects(one, 'CONTAINER_ENGINE_MISSING');
      assert.match(missing.message, 'podman is not on the PATH');
    }));

  test('the first that answers is taken', () =>
    withTempDir(async dir => {
      await failing(
        dir,
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      );
      await placeEngine(dir, 'podman', '{"host":{"security":{"rootless":true}}}');
      const engine = await findEngine({ env: { PATH: dir }, signal });
      assert.equal([engine.name, engine.place, engine.rootless], ['podman', { kind: 'here' }, true]);
    }));

  test('an engine that is down, that is closed to the user, and that fails otherwise', () =>
    withTempDir(async dir => {
      const find = () => findEngine({ env: { PATH: dir }, signal });
      await failing(
        dir,
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      );
      await rejects(find(), 'CONTAINER_ENGINE_DOWN');
      await failing(
        dir,
        'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/info": dial unix /var/run/docker.sock: connect: permission denied',
      );
      await rejects(find(), 'CONTAINER_ENGINE_DENIED');
      await failing(dir, 'template parsing error');
      const error = await rejects(find(), 'CONTAINER_FAILED');
      assert.match(error.message, 'template parsing error');
      await placeEngine(dir, 'docker', '{"ServerErrors":["nobody is there"]}');
      assert.match((await rejects(find(), 'CONTAINER_ENGINE_DOWN')).message, 'nobody is there');
    }));

  test('waiting for an engine can be cancelled', () =>
    withTempDir(async dir => {
      await writeFile(join(dir, 'docker'), '#!/bin/sh\nexec /bin/sleep 60\n', { mode: 0o755 });
      const controller = new AbortController();
      const found = findEngine({ env: { PATH: dir }, signal: controller.signal });
      setTimeout(() => controller.abort(), 50);
      await rejects(found, 'CANCELLED');
    }));
}

test.run();
