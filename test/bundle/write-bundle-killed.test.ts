import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openFolderSource } from '../../src/bundle/folder-source.ts';
import { inflate } from '../../src/bundle/inflate.ts';
import { parsePointer } from '../../src/bundle/parse-pointer.ts';
import { readManifest } from '../../src/bundle/read-manifest.ts';
import type { BundleManifest } from '../../src/bundle/types.ts';
import { orNull, withTempDir } from '../../src/util/fs.ts';
import { snapshot, unpack } from './fixtures.ts';
import { writeVersion } from './write-version.ts';

/** Writes, in another process, a bundle of version `argv[2]` into `argv[1]`. */
const SCRIPT = `
const [, out, version, module] = process.argv;
const { writeVersion } = await import(module);
await writeVersion(out, version);
`;
const MODULE = new URL('./write-version.js', import.meta.url).href;

/** The version of a bundle that is whole; null where there is none yet. */
async function versionOf(out: string): Promise<string | null> {
  const source = openFolderSource(out);
  if (!(await orNull(stat(join(out, 'bundle.json'))))) return null;
  const { release } = parsePointer(await source.readPointer(), out);
  const { manifest }: { manifest: BundleManifest } = await readManifest(source, release, inflate);
  const files = await unpack(out, manifest);
  const version = files.get('version')?.toString() ?? '';
  assert.ok(files.get('model/2')?.toString('latin1').endsWith(version));
  return version;
}

test('a run that is killed leaves the bundle that was there, or the new one; the next one clears up', () =>
  withTempDir(async dir => {
    const out = join(dir, 'out');
    const start = (version: string): ChildProcess =>
      spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, out, version, MODULE], {
        stdio: 'ignore',
      });
    let before = await versionOf(out);
    for (let round = 0; round < 8; round++) {
      const child = start(`v${round}`);
      const ended = once(child, 'exit');
      const kill = setTimeout(() => child.kill('SIGKILL'), 150 + round * 90);
      await ended;
      clearTimeout(kill);
      const now = await versionOf(out);
      assert.ok(now === before || now === `v${round}`, `${before} -> ${now}`);
      before = now;
    }
    await writeVersion(out, 'last');
    assert.is(await versionOf(out), 'last');
    const fresh = join(dir, 'fresh');
    await writeVersion(fresh, 'last');
    assert.equal(await snapshot(out), await snapshot(fresh));
  }));

test.run();
