import { z } from 'zod';
import { SlimError } from '../errors.ts';
import type { Arch } from '../types.ts';
import { outputOf } from './explain-engine-error.ts';
import type { Engine } from './types.ts';

/** An image that the engine has. */
export interface Image {
  /** Digest of what is in it. */
  readonly id: string;
  readonly name: string;
  /** `linux/amd64`. */
  readonly platform: string;
  readonly entrypoint: readonly string[];
}

const inspected = z.tuple([
  z.object({
    Id: z.string(),
    Os: z.string(),
    Architecture: z.string(),
    Config: z.object({ Entrypoint: z.array(z.string()).nullish() }).nullish(),
  }),
]);

/** A CPU in the words of images. */
const PLATFORMS: Readonly<Record<Arch, string>> = { x64: 'linux/amd64', arm64: 'linux/arm64' };

/**
 * Finds an image, which is pulled where the engine does not have it. Throws `CONTAINER_IMAGE_MISSING`,
 * `CONTAINER_IMAGE_FOREIGN`, and what the engine throws.
 */
export async function findImage(
  engine: Engine,
  name: string,
  arch: Arch,
  options: { readonly onNote: (text: string) => void; readonly signal: AbortSignal },
): Promise<Image> {
  const platform = PLATFORMS[arch];
  const image = (await inspect(engine, name)) ?? (await pull(engine, name, platform, options));
  if (image.platform !== platform)
    throw new SlimError('CONTAINER_IMAGE_FOREIGN', [name, platform, image.platform]);
  return image;
}

/** Null where the engine does not have it. */
async function inspect(engine: Engine, name: string): Promise<Image | null> {
  const text = await engine.run('look at the image', ['image', 'inspect', name]).catch((error: unknown) => {
    if (error instanceof SlimError && error.code === 'CONTAINER_FAILED') return null;
    throw error;
  });
  if (text === null) return null;
  const [{ Id, Os, Architecture, Config }] = inspected.parse(JSON.parse(text));
  return { name, id: Id, platform: `${Os}/${Architecture}`, entrypoint: Config?.Entrypoint ?? [] };
}

async function pull(
  engine: Engine,
  name: string,
  platform: string,
  { onNote, signal }: Parameters<typeof findImage>[3],
): Promise<Image> {
  onNote(`Pulling ${name}, once.\n`);
  const args = ['pull', '--quiet', '--platform', platform, name];
  try {
    await engine.run('pull the image', args, signal);
  } catch (error) {
    if (!(error instanceof SlimError) || error.code === 'CANCELLED') throw error;
    if (error.code === 'CONTAINER_ENGINE_DENIED' || error.code === 'CONTAINER_NO_SPACE') throw error;
    // A registry that cannot be reached sounds like an engine that is down.
    throw new SlimError('CONTAINER_IMAGE_MISSING', [name, outputOf(error)], { cause: error });
  }
  const image = await inspect(engine, name);
  if (!image) throw new SlimError('CONTAINER_IMAGE_MISSING', [name, 'it is not there after the pull']);
  return image;
}
