import { PLACES } from './build-types.ts';
import type { Image } from './find-image.ts';
import { GUARD } from './start-guard.ts';
import type { ContainerOptions } from './types.ts';

/** Room for secrets, which are a few kilobytes. */
const SECRETS_SIZE = '4m';

export interface BuildPlan {
  readonly name: string;
  readonly labels: readonly string[];
  readonly image: Image;
  readonly options: ContainerOptions;
  /** Names of volumes. */
  readonly sources: string;
  readonly scratch: string | null;
}

/** The command that makes the container. It has no variables: those are of the programs that run in it, and nobody can ask for them later. */
export function listBuildArgs({
  name,
  labels,
  image,
  options,
  sources,
  scratch,
}: BuildPlan): readonly string[] {
  const { network, cpus, memoryMiB } = options;
  return [
    // The guard listens to no other signal, and an engine that stops would wait for it.
    ...['create', '--interactive', '--stop-signal', 'SIGKILL', '--name', name],
    ...labels.flatMap(label => ['--label', label]),
    // Some compilers write it into what they make.
    ...['--hostname', 'lambda-slim'],
    ...['--platform', image.platform],
    ...(network === null ? [] : ['--network', network]),
    ...(cpus === null ? [] : ['--cpus', String(cpus)]),
    ...(memoryMiB === null ? [] : ['--memory', `${memoryMiB}m`, '--memory-swap', `${memoryMiB}m`]),
    ...['--volume', `${sources}:${PLACES.in}:ro`],
    ...(scratch === null ? [] : ['--volume', `${scratch}:${PLACES.scratch}`]),
    ...['--tmpfs', `${PLACES.secrets}:rw,nosuid,nodev,noexec,size=${SECRETS_SIZE},mode=0755`],
    ...['--user', '0:0', '--workdir', '/', '--entrypoint', '/bin/sh', image.name, ...GUARD],
  ];
}
