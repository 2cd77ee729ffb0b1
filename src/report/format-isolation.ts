import type { Isolation } from '../lambda/types.ts';

const KINDS: Readonly<Record<Isolation['kind'], string>> = {
  namespace: 'a mount namespace of its own, with the paths that Lambda has',
  'user-namespace': 'a user namespace of its own, with the paths that Lambda has',
  container: 'a container',
  process: 'a plain process, in which code, /opt and /tmp lie under other paths than on Lambda',
};

const MEMORY: Readonly<Record<Isolation['memory'], string>> = {
  cgroup: 'memory size held by the kernel',
  polled: 'memory size watched every few milliseconds',
  none: 'memory size not held',
};

const TMP: Readonly<Record<Isolation['tmp'], string>> = {
  disk: '/tmp of its true size',
  tmpfs: '/tmp of its true size, in memory',
  folder: '/tmp without a bound',
};

/** How close a local run comes to Lambda, in one line. */
export function formatIsolation(isolation: Isolation): string {
  const { kind, memory, tmp, readOnlyCode, interpreter, exactInterpreter } = isolation;
  const parts = [
    MEMORY[memory],
    TMP[tmp],
    readOnlyCode ? 'code read-only' : 'code not protected from writing',
    exactInterpreter ? interpreter : `${interpreter}, which is not the runtime's own`,
  ];
  return `Isolation: ${KINDS[kind]}; ${parts.join('; ')}.`;
}
