import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCgroupBase } from '../../../src/lambda/sandbox/namespace/cgroup.ts';
import { openNamespaceHost } from '../../../src/lambda/sandbox/namespace/open-namespace-host.ts';
import { openSandboxHost } from '../../../src/lambda/sandbox/open-sandbox-host.ts';
import type { SandboxExit, SandboxHost, SandboxSpec, Usage } from '../../../src/lambda/types.ts';
import { withTempDir } from '../../../src/util/fs.ts';

/** A way to open a host, and whether it has namespaces of its own. */
export interface HostKind {
  readonly name: string;
  readonly isolated: boolean;
  open(spec: SandboxSpec, signal: AbortSignal): Promise<SandboxHost>;
}

const plain: HostKind = {
  name: 'process',
  isolated: false,
  open: (spec, signal) => openSandboxHost(spec, 'none', signal),
};

/** Every kind that this machine can run. */
export async function listKinds(): Promise<readonly HostKind[]> {
  const can = (...args: readonly string[]): boolean =>
    process.platform === 'linux' &&
    spawnSync('unshare', [...args, '--mount', '--pid', '--fork', '--kill-child', 'true']).status === 0;
  const kind = (name: string, isRoot: boolean, overlay: boolean, disk: boolean): HostKind => ({
    name,
    isolated: true,
    async open(spec, signal) {
      const cgroup = disk ? await findCgroupBase(signal) : null;
      return openNamespaceHost(spec, { isRoot, overlay, disk, cgroup }, signal);
    },
  });
  const isRoot = process.getuid?.() === 0;
  return [
    plain,
    ...(isRoot && can()
      ? [kind('namespace', true, true, true), kind('namespace in memory', true, false, false)]
      : []),
    ...(can('--user', '--map-root-user') ? [kind('user namespace', false, false, false)] : []),
  ];
}

/** A name that has to be quoted wherever it is written. */
const WORK = `wo'rk "$x" \\012\n,:`;

export interface Trial {
  readonly host: SandboxHost;
  readonly spec: SandboxSpec;
  readonly dir: string;
  readonly logs: () => string;
  /** Sends the signal that the host was opened with. */
  readonly abort: () => void;
  /** Runs a script of the shell to its end; `$OPT` and `$TMP` are the places of those names. */
  run(
    script: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<{ exit: SandboxExit; text: string; usage: Usage }>;
}

/** Opens a host over a folder with a `code`, a `runtime` and a `work` folder; all is gone afterwards. */
export function withHost(
  kind: HostKind,
  toSpec: (dir: string) => Partial<SandboxSpec> | Promise<Partial<SandboxSpec>>,
  use: (trial: Trial) => Promise<void>,
): Promise<void> {
  return withTempDir(async dir => {
    for (const name of ['code', 'runtime', WORK]) await mkdir(join(dir, name), { mode: 0o755 });
    await writeFile(join(dir, 'code', 'handler.js'), 'code');
    let logs = '';
    const spec: SandboxSpec = {
      code: join(dir, 'code'),
      layers: [],
      mount: null,
      runtime: join(dir, 'runtime'),
      runtimePackages: null,
      interpreter: { file: '/bin/sh', folders: [] },
      visible: [],
      memoryMiB: 128,
      tmpMiB: 512,
      workDir: join(dir, WORK),
      onLog: text => {
        logs += text;
      },
      ...(await toSpec(dir)),
    };
    const controller = new AbortController();
    const host = await kind.open(spec, controller.signal);
    const { opt, tmp } = host.places;
    const run: Trial['run'] = async (script, env = { PATH: '/usr/bin:/bin', OPT: opt, TMP: tmp }) => {
      const before = logs.length;
      const sandbox = await host.start({ args: ['-c', script], env });
      const exit = await sandbox.exited;
      const usage = await sandbox.usage();
      await sandbox.stop();
      return { exit, text: logs.slice(before), usage };
    };
    try {
      await use({ host, spec, dir, run, logs: () => logs, abort: () => controller.abort() });
    } finally {
      await host.close();
    }
  });
}
