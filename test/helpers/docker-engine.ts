import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, copyFile, mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exec } from '../../src/util/exec.ts';

/** A Docker of a test's own. */
export interface TestEngine {
  readonly env: Readonly<Record<string, string | undefined>>;
  docker(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Where `dockerd` is and we may start it, on the CPU that the tests are written for; anywhere else they cannot run. */
export async function canRunDocker(): Promise<boolean> {
  if (process.platform !== 'linux' || process.arch !== 'x64' || process.getuid?.() !== 0) return false;
  return exec('dockerd', ['--version'], { cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** Starts a Docker that touches nothing of the machine's own: all it has lies in `dir`. `listen` are more addresses of it. */
export async function startDocker(dir: string, ...listen: readonly string[]): Promise<TestEngine> {
  const socket = `unix://${dir}/docker.sock`;
  const env = { ...process.env, DOCKER_HOST: socket, DOCKER_CONFIG: join(dir, 'config') };
  const args = [
    ...['--data-root', join(dir, 'data'), '--exec-root', join(dir, 'exec'), '--pidfile', join(dir, 'pid')],
    ...['--iptables=false', '--ip6tables=false', '--bridge=none', '--ip-forward=false', '--tls=false'],
    ...[socket, ...listen].flatMap(address => ['--host', address]),
  ];
  const daemon = spawn('dockerd', args, { stdio: 'ignore', env: process.env });
  const docker = async (...command: readonly string[]): Promise<string> =>
    (await exec('docker', command, { cwd: dir, env })).stdout;
  for (let round = 0; ; round++) {
    const ready = await docker('version').then(
      () => true,
      () => false,
    );
    if (ready) break;
    if (round > 600 || daemon.exitCode !== null) throw new Error('dockerd does not start');
    await delay(100);
  }
  return { env, docker, stop: () => stopDaemon(daemon, dir) };
}

async function stopDaemon(daemon: ChildProcess, dir: string): Promise<void> {
  if (daemon.exitCode !== null) return;
  const exit = once(daemon, 'exit');
  daemon.kill('SIGTERM');
  await exit;
  for (const name of await readdir(join(dir, 'exec/netns')).catch(() => []))
    await exec('umount', [join(dir, 'exec/netns', name)], { cwd: '/' }).catch(() => {});
  // What it made for its containers, all of which are gone.
  for (const kind of await readdir('/sys/fs/cgroup'))
    await rmdir(join('/sys/fs/cgroup', kind, 'docker')).catch(() => {});
  await rmdir('/sys/fs/cgroup/docker').catch(() => {});
}

/** As in AWS's images. */
const ENTRYPOINT = `#!/bin/sh
export _HANDLER="$1"
exec /var/runtime/bootstrap
`;

/**
 * A runtime client as small as can be. The handler `file.name` is called with the event; what it throws is told, and ends the
 * process.
 */
const BOOTSTRAP = `#!/var/lang/bin/node
const [file, name] = process.env._HANDLER.split('.');
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
const { [name]: handler } = require('/var/task/' + file + '.js');
(async () => {
  for (;;) {
    const next = await fetch(api + 'next');
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const answer = await handler(await next.json());
    await fetch(api + id + '/response', { method: 'POST', body: JSON.stringify(answer ?? null) });
  }
})().catch(error => { console.error(error.message); process.exit(1); });
`;

/** Makes an image as AWS's are laid out, with the Node.js that runs us, a shell, and what both need. */
export async function makeImage(
  engine: TestEngine,
  dir: string,
  name: string,
  platform = 'linux/amd64',
): Promise<void> {
  const root = join(dir, 'root');
  for (const folder of ['var/task', 'var/runtime', 'opt', 'tmp', 'mnt/files', 'etc', 'proc', 'dev', 'sys'])
    await mkdir(join(root, folder), { recursive: true });
  await place(process.execPath, join(root, 'var/lang/bin/node'));
  await place('/bin/sh', join(root, 'bin/sh'));
  for (const binary of [process.execPath, '/bin/sh']) {
    const { stdout } = await exec('ldd', [binary], { cwd: '/' });
    for (const [, library = ''] of stdout.matchAll(/(\/\S+) \(0x/g))
      await place(library, join(root, library));
  }
  await writeFile(join(root, 'lambda-entrypoint.sh'), ENTRYPOINT, { mode: 0o755 });
  await writeFile(join(root, 'var/runtime/bootstrap'), BOOTSTRAP, { mode: 0o755 });
  const tar = join(dir, 'root.tar');
  await exec('tar', ['-C', root, '-cf', tar, '.'], { cwd: dir });
  const change = 'ENTRYPOINT ["/lambda-entrypoint.sh"]';
  await engine.docker('import', '--platform', platform, '--change', change, tar, name);
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}
