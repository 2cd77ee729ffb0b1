import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerResult } from '../../../container/build-types.ts';
import { runInContainer } from '../../../container/run-in-container.ts';
import type { Context, Platform } from '../../../types.ts';
import { librarySteps } from '../../vendored/library-steps.ts';
import type { ChosenImage } from './choose-image.ts';
import { type LaidOut, TREE } from './lay-out-packages.ts';

/** An installation in an image: `lay` puts into a folder what the container needs, and tells what to do there. */
export interface ImageInstall {
  readonly image: ChosenImage;
  readonly platform: Platform;
  /** Of what is installed: the same content may use what was fetched for it before. */
  readonly digest: string;
  lay(sources: string): Promise<LaidOut>;
}

/** Installs into `<results>/tree` in a container, and takes libraries of the system into `<results>/libraries` where they are asked for. */
export async function installInImage(
  { image, platform, digest, lay }: ImageInstall,
  results: string,
  context: Context,
): Promise<ContainerResult> {
  const sources = await mkdtemp(join(context.workDir, 'sources-'));
  try {
    const { steps, env, credentials } = await lay(sources);
    const libraries = await librarySteps(image.options, platform, TREE, sources);
    await mkdir(results, { recursive: true });
    return await runInContainer(
      {
        image: image.name,
        arch: platform.arch,
        options: image.options,
        sources,
        steps: [...steps, ...libraries],
        results,
        scratchKey: digest,
        env,
        credentials,
      },
      context,
    );
  } finally {
    await rm(sources, { recursive: true, force: true });
  }
}
