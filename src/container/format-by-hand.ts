import { type ContainerRun, type ContainerStep, PLACES } from './build-types.ts';

/**
 * What runs the steps up to this one in `container shell`, to be pasted into a shell. No step gets at the lines that are still to
 * come, as it does not in a build.
 */
export function formatByHand(
  { options, steps, credentials }: Pick<ContainerRun, 'options' | 'steps' | 'credentials'>,
  failed: ContainerStep,
): string {
  const ran = steps.slice(0, steps.indexOf(failed) + 1);
  const shell = ['lambda-slim', 'container', 'shell', ...options.shellArgs].map(quote).join(' ');
  return [
    `${shell} <<'END'`,
    '(set -e',
    ...listLines(ran, credentials.masked.length > 0),
    ') </dev/null',
    'END',
  ].join('\n');
}

/** A build takes the credentials away before it runs code of packages, which a shell cannot. */
const WARNING = '# Packages run code from here on, which could read your credentials in this shell.';

function listLines(steps: readonly ContainerStep[], hasCredentials: boolean): readonly string[] {
  let at: string = PLACES.work;
  const foreign = hasCredentials ? steps.findIndex(step => step.withoutCredentials) : -1;
  return steps.flatMap(({ command, cwd = PLACES.work, env = {} }, index) => {
    const warning = index === foreign ? [WARNING] : [];
    const variables = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`);
    const move = cwd === at ? [] : [`cd ${quote(cwd)}`];
    at = cwd;
    return [...warning, ...move, [...variables, ...command.map(quote)].join(' ')];
  });
}

/** As a shell of Unix wants it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
