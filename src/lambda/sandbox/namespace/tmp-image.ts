import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exec } from '../../../util/exec.ts';
import { TOOL_ENV } from './enter-command.ts';
import { LAMBDA_USER } from './sandbox-user.ts';

const MIB = 1024 ** 2;

/**
 * Size that an ext4 needs for so many free bytes: one inode of 256 bytes for each 16 KiB, some blocks of its own, and the 2 %,
 * at most 16 MiB, that the kernel keeps back.
 */
export function imageBytes(freeMiB: number): number {
  const kept = Math.min(freeMiB * 0.0205, 16);
  return Math.ceil((freeMiB + kept + 1) / (1 - 256 / 16384 - 0.0005)) * MIB;
}

/** Makes a sparse file with an empty ext4 on it, for `/tmp`. Its journal would only cost time: nobody mounts it twice. */
export async function makeTmpImage(path: string, freeMiB: number, signal: AbortSignal): Promise<void> {
  const options = { cwd: '/', env: TOOL_ENV, signal };
  await writeFile(path, '', { flag: 'wx', mode: 0o600 });
  await truncate(path, imageBytes(freeMiB));
  const extended = `lazy_itable_init=1,nodiscard,root_owner=${LAMBDA_USER.uid}:${LAMBDA_USER.gid}`;
  const format = ['-b', '4096', '-i', '16384', '-I', '256', '-m', '0', '-O', '^has_journal,^resize_inode'];
  await exec('mke2fs', ['-q', '-F', '-t', 'ext4', ...format, '-E', extended, path], options);
  await exec('debugfs', ['-w', '-R', 'rmdir lost+found', path], options);
}

/** Rounds of looking for a loop device, and the pause between two of them, ms. */
const ROUNDS = 200;
const PAUSE_MS = 5;

/** Removes an image once the kernel has let go of it, which it does shortly after the last process of its namespace ended. */
export async function removeTmpImage(path: string): Promise<void> {
  for (let round = 0; round < ROUNDS && (await isAttached(path)); round++) await delay(PAUSE_MS);
  await rm(path, { force: true });
}

async function isAttached(path: string): Promise<boolean> {
  const names = (await readdir('/sys/block').catch(() => [])).filter(name => name.startsWith('loop'));
  const files = await Promise.all(
    names.map(name => readFile(join('/sys/block', name, 'loop/backing_file'), 'utf8').catch(() => '')),
  );
  return files.some(file => file.replace(/\n$/, '') === path);
}
