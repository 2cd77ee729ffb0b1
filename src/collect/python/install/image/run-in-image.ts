import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findEngine } from '../../../../container/find-engine.ts';
import { findImage } from '../../../../container/find-image.ts';
import {
  makeOwnName,
  OWN_LABELS,
  removeContainer,
  removeLeftovers,
} from '../../../../lambda/sandbox/container/owner-labels.ts';
import { writeEnvFile } from '../../../../lambda/sandbox/container/write-env-file.ts';
import type { Arch, Context } from '../../../../types.ts';

/** Where the folder is in the container. */
export const PLACE = '/lambda-slim';

export interface ImageRun {
  readonly image: string;
  readonly arch: Arch;
  /** Copied to `PLACE` before, and back afterwards; nothing is shared, so that it works with engines on other machines as well. */
  readonly dir: string;
  readonly command: readonly [program: string, ...args: readonly string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a program in an image on a copy of a folder. The container is gone afterwards. Throws the codes `CONTAINER_…`, `CANCELLED`. */
export async function runInImage(
  { image, arch, dir, command, env }: ImageRun,
  context: Context,
): Promise<void> {
  const { signal } = context;
  const engine = await findEngine({ env: context.env, signal });
  // What cannot be taken away now is in nobody's way, and is tried again next time.
  await removeLeftovers(engine).catch(() => {});
  const { platform } = await findImage(engine, image, arch, {
    onNote: text => context.progress.start(text.trim()),
    signal,
  });
  const name = makeOwnName();
  const envFile = join(context.workDir, `${name}.env`);
  const [program, ...args] = command;
  try {
    const multiline = await writeEnvFile(envFile, env);
    await engine.run('make the container', [
      ...['create', '--name', name, ...OWN_LABELS.flatMap(label => ['--label', label])],
      ...['--platform', platform, '--workdir', '/tmp', '--env-file', envFile],
      ...Object.entries(multiline).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
      ...['--entrypoint', program, image, ...args],
    ]);
    await engine.run('copy to the container', ['cp', `${dir}/.`, `${name}:${PLACE}`], signal);
    await engine.run('run the container', ['start', '--attach', name], signal);
    await engine.run('copy from the container', ['cp', `${name}:${PLACE}/.`, dir], signal);
  } finally {
    await rm(envFile, { force: true });
    await removeContainer(engine, name);
  }
}
