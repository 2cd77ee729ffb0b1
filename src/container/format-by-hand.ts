import { type ContainerRun, type ContainerStep, PLACES } from './build-types.ts';
import type { Build } from './open-build.ts';

/** The command line that runs the steps up to this one; it names variables of this machine, and does not tell their values. */
export function formatByHand(
  { engine, image, user }: Pick<Build, 'engine' | 'image' | 'user'>,
  { options, steps, env }: Pick<ContainerRun, 'options' | 'steps' | 'env'>,
  failed: ContainerStep,
): string {
  const ran = steps.slice(0, steps.indexOf(failed) + 1);
  const script = ran.map(formatStep).join(' && ');
  const folders = [PLACES.work, PLACES.out, PLACES.scratch];
  const words = [
    ...[engine.name, 'run', '--rm', '-it', '--platform', image.platform, '--user', user],
    ...(options.network === null ? [] : ['--network', options.network]),
    ...options.environment.flatMap(name => ['--env', name]),
    ...Object.entries({ ...env, HOME: '/tmp' }).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...folders.flatMap(folder => ['--tmpfs', `${folder}:exec,mode=1777`]),
  ].map(quote);
  const rest = ['--workdir', PLACES.work, '--entrypoint', 'sh', image.name, '-c', script].map(quote);
  return [...words, '--volume', `"$PWD":${PLACES.in}:ro`, ...rest].join(' ');
}

function formatStep({ command, cwd, env = {} }: ContainerStep): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`);
  const line = [...variables, ...command.map(quote)].join(' ');
  return cwd === undefined ? line : `(cd ${quote(cwd)} && ${line})`;
}

/** As a shell of Unix wants it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
