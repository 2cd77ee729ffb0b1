import { execFileSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openFolderSource } from '../../src/bundle/folder-source.ts';
import { chunkKey, manifestKey, POINTER_KEY } from '../../src/bundle/keys.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { rejects } from '../helpers/rejects.ts';
import { makeBundle, syncTo, writeObjects } from '../helpers/sync-store.ts';

const { signal } = new AbortController();

test('a folder gives what was written into it', () =>
  withTempDir(async dir => {
    const bundle = await makeBundle({ a: 'a'.repeat(900), b: 'b'.repeat(900) });
    const source = openFolderSource(await writeObjects(dir, bundle));
    for (const chunk of bundle.manifest.chunks) {
      const pieces: Uint8Array[] = [];
      for await (const piece of source.openChunk(chunk, signal)) pieces.push(piece);
      assert.equal(Buffer.concat(pieces), bundle.objects.get(chunkKey(chunk)));
    }
    assert.equal(await source.readPointer(), bundle.objects.get(POINTER_KEY));
  }));

if (process.platform !== 'win32')
  for (const kind of ['pipe', 'folder'] as const)
    test(`a ${kind} in the place of a file of a bundle is told, and not waited for`, () =>
      withTempDir(async dir => {
        const bundle = await makeBundle({ a: 'a'.repeat(900) });
        const source = openFolderSource(await writeObjects(join(dir, 'bundle'), bundle));
        const [chunk] = bundle.manifest.chunks;
        const keys = [chunk && chunkKey(chunk), manifestKey(bundle.release), POINTER_KEY];
        for (const [index, key] of keys.filter(one => one !== undefined).entries()) {
          const path = join(dir, 'bundle', key);
          await rm(path);
          if (kind === 'pipe') execFileSync('mkfifo', [path]);
          else await mkdir(path);
          const { message } = await rejects(syncTo(join(dir, `store${index}`), source), 'BUNDLE_INVALID');
          assert.ok(message.includes(key) && message.includes('it is no file'), message);
        }
      }));

test.run();
