import { asRoot } from './as-root.ts';
import { PLACES, type Secret, type ToolSettings } from './build-types.ts';
import type { Build } from './open-build.ts';

/** Constant, since what differs comes as its arguments. */
const PUT = `umask 077
cat > "$1" && chown "$2" "$1"`;

/**
 * What a program left running that had credentials goes with them; but where our guard is not the first process that is seen (engines
 * can be set to show all of the machine, or to begin with an init), others would be killed.
 */
const FORGET = `rm -rf "$1"/* "$2"/* "$2"/.[!.]* || exit
case $(cat /proc/1/cmdline) in /bin/sh-c*'lambda-slim is ready'*) kill -KILL -1 2>/dev/null ;; esac
:`;

/** Writes files that only the user of the steps reads. */
export async function putSecrets(build: Build, secrets: readonly Secret[]): Promise<void> {
  for (const { name, content } of secrets) {
    if (!/^[\w][\w.-]*$/.test(name)) throw new Error(`${name} is no name of a secret`);
    const command = ['/bin/sh', '-c', PUT, 'sh', `${PLACES.secrets}/${name}`, build.user] as const;
    await asRoot(build, 'hand over credentials', command, content);
  }
}

/** Takes all credentials out of the container, with what programs may have written down of them; code of packages gets what is open. */
export async function takeAwaySecrets(build: Build, open: ToolSettings): Promise<void> {
  await asRoot(build, 'take the credentials away', [
    '/bin/sh',
    '-c',
    FORGET,
    'sh',
    PLACES.secrets,
    PLACES.home,
  ]);
  await putSecrets(build, open.secrets);
}
