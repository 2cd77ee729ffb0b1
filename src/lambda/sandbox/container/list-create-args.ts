import type { Image } from '../../../container/find-image.ts';
import type { SandboxSpec } from '../../types.ts';

/** Lambda's own: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. */
const MAX_FILES = 1024;
const MAX_PROCESSES = 1024;

/**
 * The first process of the container, so that nothing outlives us even if we are killed: it runs its arguments, and ends them
 * when the other end of its standard input is gone.
 */
const GUARD = `exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
{ read -r _ <&3; kill -9 "$child"; } &
exec 3<&-
wait "$child"`;

export interface ContainerPlan {
  readonly name: string;
  readonly labels: readonly string[];
  readonly image: Image;
  /** Options that show folders. */
  readonly mounts: readonly string[];
  /** Options that let it reach this machine. */
  readonly network: readonly string[];
  /** `1000:1000`; null is the image's own user. */
  readonly user: string | null;
  /** A file of `NAME=value` lines, and the names of variables that the engine's program is to take from its own environment. */
  readonly envFile: string;
  readonly passedOn: readonly string[];
  readonly handler: string;
}

/**
 * The command that makes a container as close to Lambda's sandbox as engines can. `/tmp` is memory there, and its pages count as
 * the container's; so the kernel's limit is that of the memory and of `/tmp` together.
 */
export function listCreateArgs(
  plan: ContainerPlan,
  { memoryMiB, tmpMiB }: Pick<SandboxSpec, 'memoryMiB' | 'tmpMiB'>,
): readonly string[] {
  const memory = `${memoryMiB + tmpMiB}m`;
  return [
    ...['create', '--interactive', '--name', plan.name],
    ...plan.labels.flatMap(label => ['--label', label]),
    ...['--platform', plan.image.platform],
    ...plan.network,
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--security-opt', 'label=disable'],
    ...['--read-only', '--tmpfs', `/tmp:rw,exec,nosuid,nodev,size=${tmpMiB}m,mode=1777`],
    ...['--memory', memory, '--memory-swap', memory],
    ...['--pids-limit', String(MAX_PROCESSES), '--ulimit', `nofile=${MAX_FILES}:${MAX_FILES}`],
    ...['--workdir', '/var/task', '--env-file', plan.envFile],
    ...plan.passedOn.flatMap(name => ['--env', name]),
    ...plan.mounts,
    ...(plan.user === null ? [] : ['--user', plan.user]),
    ...['--entrypoint', '/bin/sh', plan.image.name],
    ...['-c', GUARD, 'sh', ...plan.image.entrypoint, plan.handler],
  ];
}
