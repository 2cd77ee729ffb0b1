import { SlimError } from '../errors.ts';
import type { Context } from '../types.ts';
import { lastLines } from './last-lines.ts';
import type { Build } from './open-build.ts';

/** Exit code of the script where the image has no package manager that it knows. */
export const NO_MANAGER = 120;

/** Installs the packages that are its arguments, with what the image has; those that are there already are not asked for. */
export const SCRIPT = `has() { command -v "$1" >/dev/null 2>&1; }
if has rpm && rpm -q "$@" >/dev/null 2>&1; then exit 0; fi
if has dpkg-query; then
  missing=
  for package in "$@"; do
    [ "$(dpkg-query -W -f '\${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing=1
  done
  [ -n "$missing" ] || exit 0
fi
for manager in dnf microdnf yum; do
  if has $manager; then exec $manager install -y "$@"; fi
done
if has apt-get; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update || exit
  exec apt-get install -y --no-install-recommends "$@"
fi
exit ${NO_MANAGER}`;

/** Installs system packages as root. Throws `CONTAINER_PACKAGES_FAILED`. */
export async function installPackages(
  { exec, image, mask }: Build,
  packages: readonly string[],
  env: Readonly<Record<string, string>>,
  { progress }: Context,
): Promise<void> {
  if (packages.length === 0) return;
  const { exitCode, output } = await exec({
    command: ['/bin/sh', '-c', SCRIPT, 'sh', ...packages],
    user: '0:0',
    cwd: '/',
    env,
    onLine: line => progress.say?.(`container | ${mask(line)}`),
  });
  if (exitCode === 0) return;
  const words = exitCode === NO_MANAGER ? null : lastLines(mask(output));
  throw new SlimError('CONTAINER_PACKAGES_FAILED', [image.name, packages, words]);
}
