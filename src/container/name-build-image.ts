import type { Platform } from '../types.ts';

/** The image in which AWS's SAM builds for a runtime: Lambda's own with compilers, such as `public.ecr.aws/sam/build-python3.12:latest-x86_64`. */
export function nameBuildImage({ runtime, arch }: Pick<Platform, 'runtime' | 'arch'>): string {
  return `public.ecr.aws/sam/build-${runtime.id}:latest-${arch === 'x64' ? 'x86_64' : 'arm64'}`;
}
