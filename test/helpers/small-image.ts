import { constants, copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exec } from '../../src/util/exec.ts';
import type { TestEngine } from './docker-engine.ts';

/** What the runner needs of an image, and what its tests run. */
const TOOLS = [
  ...['cat', 'chmod', 'chown', 'cp', 'dd', 'id', 'ln', 'ls', 'mkdir', 'rm', 'sleep', 'stat', 'touch'],
  ...['bash', 'tail'],
];

/** A package manager that only remembers what it was asked for. */
const MANAGER = `#!/bin/sh
echo "$@" >> /var/asked
[ "$3" != broken ] || { echo 'Unable to find a match: broken' >&2; exit 1; }
`;

/** Makes an image with a shell, the tools of this machine's own system, the Node.js that runs us and a `dnf`. */
export async function makeSmallImage(engine: TestEngine, dir: string, name: string): Promise<void> {
  const root = join(dir, 'small-root');
  for (const folder of ['tmp', 'etc', 'proc', 'dev', 'sys', 'usr/bin', 'bin', 'var'])
    await mkdir(join(root, folder), { recursive: true });
  const binaries = ['/bin/sh', process.execPath, ...TOOLS.map(tool => `/bin/${tool}`)];
  await place('/bin/sh', join(root, 'bin/sh'));
  await place(process.execPath, join(root, 'usr/bin/node'));
  for (const tool of TOOLS) await place(`/bin/${tool}`, join(root, 'usr/bin', tool));
  for (const binary of binaries) {
    const { stdout } = await exec('ldd', [binary], { cwd: '/' });
    for (const [, library = ''] of stdout.matchAll(/(\/\S+) \(0x/g))
      await cp(library, join(root, library), { dereference: true, force: false });
  }
  await writeFile(join(root, 'usr/bin/dnf'), MANAGER, { mode: 0o755 });
  await exec('chmod', ['1777', join(root, 'tmp')], { cwd: '/' });
  const tar = join(dir, 'small-root.tar');
  await exec('tar', ['-C', root, '-cf', tar, '.'], { cwd: dir });
  const change = 'ENV PATH=/usr/bin:/bin';
  await engine.docker('import', '--platform', 'linux/amd64', '--change', change, tar, name);
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}
