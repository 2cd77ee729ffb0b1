import { nameBuildImage } from '../../../container/name-build-image.ts';
import type { ContainerOptions } from '../../../container/types.ts';
import type { ResolvedFunction } from '../../../types.ts';

/** An image to install in, and how it is run. */
export interface ChosenImage {
  readonly name: string;
  readonly options: ContainerOptions;
}

/** The image of the runtime, or the one that the config names; null where packages are installed on this machine. */
export function chooseImage({
  install,
  platform,
  container,
}: Pick<ResolvedFunction, 'install' | 'platform' | 'container'>): ChosenImage | null {
  if (install.container === false) return null;
  const name = install.container === true ? nameBuildImage(platform) : install.container;
  return { name, options: container };
}

/** What tells one installation in an image from another, credentials aside. */
export function imageFacts(
  { name, options: { packages, environment, vendorLibraries } }: ChosenImage,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const variables = environment.map(variable => [variable, env[variable] ?? null]);
  return JSON.stringify([name, packages, variables, vendorLibraries]);
}
